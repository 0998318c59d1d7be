"""What is said of a formula that another one stands for: wrong slopes, lost brackets, slips of writing."""

_CHAIN = "Write the chain rule with one factor for each step, and count the factors."
_SIGNS = "Follow the minus signs line by line."
_BRACKETS = "Write the formula once more, with a bracket around every sum."

#: {f} is a function, {u} its argument, {v} its value, {rule} the rule for its derivative.
_SLOPES = {
    "prime_at_a": "The derivative of {f} was evaluated at {at}; it belongs to {u}.",
    "evaluated_at_derivative": "The derivative of {f} was evaluated at the derivative of {u}; it belongs to {u}.",
    "prime_twice": "The derivative of {f}, at {u}, stands there once too often.",
    "missing_prime": "The derivative of {f}, at {u}, is missing.",
    "missing_prime.abs": "The derivative of the absolute value is missing: the sign of {u}.",
    "no_prime": "{f} itself stands where its derivative belongs.",
    "no_prime.value": "{f} was not differentiated, in {v}.",
    "derivative_inside": "The derivative of {u} was put into {f} itself.",
    "extra_slope": "There is a factor too many, the derivative of {f} at {u}: it cancels, or has no place here.",
    "z_instead": "The rule {rule} was applied to the argument {u}; it takes the value {v}.",
    "rule_of_another": "The rule {rule} was applied to {at}; it takes {v}.",
    "tanh_rule": "The rule for tanh, 1 − tanh², was applied; here the function is {f}.",
    "sigma_rule": "The rule for σ, σ(1 − σ), was applied; here the function is {f}.",
    "sigma_rule_of_value": "The rule for σ, σ(1 − σ), was applied to {v}; here the function is {f}.",
    "sigma_rule.softplus": "The rule for the derivative of σ was applied; the derivative of softplus is σ itself.",
    "tanh_prime": "The derivative of tanh stands where that of {f} belongs.",
    "sigma_prime": "The derivative of σ, by the rule for σ, stands where that of {f} belongs.",
    "plus": "In the rule for {f}, {rule}, there is a plus for the minus.",
    "one_lost": "In the rule for tanh, 1 − tanh², the 1 is missing.",
    "one_lost.sigma": "In the rule for σ, σ(1 − σ), the 1 is missing: σ was multiplied by itself.",
    "value_lost": "In the rule for σ, σ(1 − σ), the factor {v} is missing.",
    "one_minus_twice": "In the rule for σ, σ(1 − σ), both factors became 1 − σ.",
    "not_squared": "In the rule for tanh, 1 − tanh², the square is missing.",
    "squared_outside": "In the rule for tanh, 1 − tanh², the square belongs to tanh alone.",
    "times_two": "In the rule for tanh, 1 − tanh², the square became a factor 2.",
    "arctan": "That is the derivative of arctan; here the function is {f}.",
    "square_inside": "In the rule for tanh, 1 − tanh², the square belongs to tanh, not to its argument.",
    "missing_inner_in_sigma": "In the derivative of σ, 1/(1 + e⁻ᶻ), the inner derivative, that of 1 + e⁻ᶻ, is missing.",
    "missing_inner_and_sign":
        "In the derivative of σ, 1/(1 + e⁻ᶻ), the inner derivative, that of 1 + e⁻ᶻ, is missing, and a minus.",
    "not_squared.sigma": "In the derivative of σ, 1/(1 + e⁻ᶻ), the denominator is not squared.",
    "sign_and_no_prime": "σ with another sign in the exponent stands where the derivative of σ belongs.",
    "sign_in_exp": "In the derivative of softplus, 1/(1 + e⁻ᶻ), the minus in the exponent is missing.",
    "log_lost": "Only the exponential in softplus was differentiated, not the logarithm around it.",
    "own_sigma": "σ, the derivative of softplus, is written as 1/e⁻ᶻ: the 1 + of its denominator is missing.",
    "argument": "The argument {u} stands where the derivative of {f} belongs.",
    "power_rule": "The rule for powers does not hold for the exponential function {v}.",
    "exp_lost": "The inner derivative is incomplete: the exponential {v} was lost when it was differentiated.",
    "not_inverted.log": "The derivative of a logarithm is one over its argument, not the argument {u}.",
    "square": "The derivative of {v} is one over the argument, without a square.",
    "log10": "That is the derivative of a logarithm to base 10; here log is the natural one.",
    "factor_ln10": "There is a factor log(10) too many: here log is the natural one.",
    "sign_of_cos": "The derivative of sin is cos, with a plus.",
    "sign_of_sin": "The derivative of cos is −sin: the minus is missing.",
    "second_derivative": "The sine {v} was differentiated twice.",
    "of_a_square": "The residual stands where its sign belongs: that comes of a squared error, not of an absolute one.",
    "step": "A step stands where the sign belongs: where {u} is negative the slope is −1, not 0.",
    "step_twice":
        "A step from 0 to 1 stands where half the sign belongs: at a negative residual the slope is negative, not 0.",
    "half_lost": "In the derivative of a square root the ½ is missing.",
    "not_inverted.sqrt": "The derivative of a square root has the root in its denominator.",
}  # fmt: skip

#: {p} is the power b**k.
_POWERS = {
    "exponent_lost": "The exponent of {p} was not brought down as a factor.",
    "power_not_reduced": "The power of {p} was not lowered by one: {still}.",
    "power_kept": "{p} was not differentiated: {still}.",
    "outer_lost": "The derivative of the power {p} is missing.",
    "base_lost": "Of the derivative of {p} only the factor {k} is left.",
    "absolute_for_square": "The sign of {b} stands where {b} belongs: that comes of an absolute value.",
    "absolute_for_square.sum": "The sign of {b} comes of a sum of absolute values; {p} is a sum of squares.",
    "absolute_of_base": "The absolute value of {b} stands where {b} itself belongs.",
    "absolute_and_two": "An absolute value stands in the derivative of {p}, and a factor 2 is missing.",
    "two_lost": "The derivative of {p} has lost its factor 2.",
    "norm": "The norm of {b}, one number, stands in the derivative of {p} where the vector {b} belongs.",
    "norm_and_two": "The norm of {b}, one number, stands where the derivative of {p} belongs.",
    "of_norm": "That is the derivative of the norm of {b}; {p} is its square.",
    "not_differentiated": "{p}, one number, was not differentiated.",
    "not_differentiated_2": "{p}, one number, stands in its own derivative where {b} belongs.",
    "first_left_out":
        "In the derivative of {p} the first component is left out, as if it were a bias: here every component counts.",
    "summed.square": "In the derivative of {p} the components of {b} were added up: a sum stands in every component.",
    "summed_and_two": "In the derivative of {p} the components of {b} were added up, and a factor 2 is missing.",
}  # fmt: skip

_RULES = {
    "sign": ("The sign is wrong.", _SIGNS),
    "sign.lost": ("A minus sign was lost.", _SIGNS),
    "factor_2": "There is a factor 2 too many: the answer is twice as large as it should be.",
    "factor_half": "There is a factor ½ too many: the answer is half of what it should be.",
    "kept": "`{name}` was not differentiated: its derivative with respect to itself is 1.",
    "missing_inner": ("An inner derivative is missing: that of {part} with respect to `{variable}`.", _CHAIN),
    "missing_inner.chain": "A factor of the chain rule is missing: the derivative of {gone}.",
    "missing_factors.chain": "{count} factors of the chain rule are missing: the derivatives of {gone}.",
    "added.inner": "The inner derivative, that of {inner}, is added; it has to be multiplied.",
    "constant_derived": "A derivative is too many: that of `{name}` stands where `{name}` itself, a constant factor here, belongs.",
    "sum_of_name": "The sum of `{name}` stands where `{name}` itself belongs, one component for each unit.",
    "added.chain": "The factors of the chain rule were added; they have to be multiplied.",
    "added.link": "The derivative of {gone} is added; it has to be multiplied.",
    "missing_term.slope": "The derivative of the term {term} is missing.",
    "sign_of_term": "The derivative of the term {term} has the wrong sign.",
    "multiplied.slopes": "The derivatives of {a} and {b} were multiplied; they are to be added.",
    "constant_kept":
        "The term {constant} was kept as if it were no constant: that term does not contain `{variable}`, so its "
        "derivative is zero.",
    "constant_kept.factor":
        "In the inner derivative {factor} was kept, of {constant}: that term does not contain `{variable}`, so its "
        "derivative is zero.",
    "constant_differentiated": "`{name}` was differentiated too, by the product rule; here it is a constant factor.",
    "param_instead": "The inner derivative of {product} is {factor}, not {put}.",
    "missing_factor.inner": "The factor {factor} is missing, the inner derivative of {product}.",
    "half_product_rule": "The product rule has two parts: that with the derivative of {part} is missing.",
    "minus_product_rule": "In the product rule stands a minus.",
    "product_of_derivatives": "The derivatives of {a} and {b} were multiplied; that is not the product rule.",
    "square_lost": "In the quotient rule the denominator {below} is not squared.",
    "denominator_lost": "In the quotient rule the denominator {below} is missing.",
    "plus_quotient_rule": "In the quotient rule a plus stands for the minus.",
    "denominator_constant": "Only the numerator {above} was differentiated, not the denominator {below}.",
    "numerator_constant": "Only the denominator {below} was differentiated, not the numerator {above}.",
    "quotient_of_derivatives":
        "Numerator and denominator were differentiated separately; that is not the quotient rule.",
    "wrt":
        "That is the derivative with respect to `{name}`; the question asks for the one with respect to `{variable}`.",
    "and_wrt": "Two derivatives were added: those with respect to `{variable}` and to `{name}`.",
    "mean": "The sum over the examples was divided by their number: that would be a mean.",
    "not_averaged": "A mean has to be divided by the number of examples: that division is missing.",
    "transposed": "The matrix is transposed: its rows and columns have changed places.",
    "summed_separately": "The sums were taken separately: over the rows of {a}, and over what they are multiplied by.",
    "matrix_missing": "The entries of {a} are missing: every component is one and the same sum.",
    "only_row": "Only the {which} row of {a} counts: the loop ends too early, or it forgets the sum so far (`+=`).",
    "only_some": "Only the first {count} rows of {a} count, whatever its size: `range({count})`?",
}  # fmt: skip

_WRITTEN = {
    "bracket": ("A bracket is missing around {inner}: what stands beside it acts on one part of it only.", _BRACKETS),
    "bracket.power": ("A bracket is missing around {inner}: the power acts on its last term only.", _BRACKETS),
    "bracket.denominator":
        ("A bracket is missing around the denominator {inner}: what stands beside it acts on one part of it only.",
         _BRACKETS),
    "bracket.divisors": ("A bracket is missing around the denominator: {freed} multiplies instead of dividing.",
         _BRACKETS),
    "bracket_in_exponent":
        "In the exponent a bracket is missing around {inner}: the minus acts on its first term only.",
    "two_brackets": ("Brackets are missing around {around}.", _BRACKETS),
    "bracket_too_early": "The bracket of `{function}` closes too early: {part} belongs inside.",
    "bracket_too_early.opens": "The bracket of `{function}` opens too late: {part} belongs inside.",
    "bracket_too_late": "The bracket of `{function}` closes too late: {part} does not belong inside.",
    "bracket_too_late.opens": "The bracket of `{function}` opens too early: {part} does not belong inside.",
    "function_of_parts":
        "{both} is the {kind} of two values; `{function}` has to be taken of the {kind} itself, {whole}.",
    "bracket_too_wide": "A bracket is in the wrong place: {part} takes in {other} too.",
    "bracket_too_wide.division": "A bracket is in the wrong place: the division by {part} takes in {other} too.",
    "bracket_too_wide.sign": "A bracket is in the wrong place: the sign in front of {part} acts on {other} too.",
    "bracket_too_wide.factor": "A bracket is in the wrong place: {factor} multiplies {part} and {other} too.",
    "power_too_wide": "The square belongs to {part} alone: a bracket is in the wrong place.",
    "missing_factor": "The factor {factor} is missing.",
    "missing_factors": "The factors {factors} are missing.",
    "missing_divisor": "The division by {factor} is missing.",
    "missing_divisor.half": "The division by {factor} is missing, a factor ½.",
    "missing_term": "The term {term} is missing in {whole}.",
    "missing_square": "The power of {part} is missing: {whole} is needed.",
    "missing_function": "The function is missing: {part} stands where {whole} belongs.",
    "missing_sign": "The minus in front of {part} is missing.",
    "inner_sign": "A {wrong} stands where a {right} belongs, in {whole}.",
    "turned_term": "The sign of {term} is wrong in {whole}.",
    "turned_sum": "In {whole} every sign is wrong: it has been turned round.",
    "sign_in_function": "The sign of the argument of {whole} is wrong.",
    "multiplied": "{a} and {b} are multiplied; they have to be added, {whole}.",
    "same_twice": "{there} stands there twice; {gone} belongs in the place of one of them, {whole}.",
    "added_in_the_loop": "{term} is added once for each row of `{matrix}`, inside the sum; it belongs outside, once.",
    "added": "{factor} is added; it has to be multiplied.",
    "names_added": "{a} and {b} are added; they have to be multiplied.",
    "subtracted": "{factor} is subtracted; it has to be multiplied.",
    "divided": "The formula is divided by {factor}; it has to be multiplied by it.",
    "twice": "The factor {factor} stands there twice.",
    "multiplied_by_divisor": "{factor} multiplies instead of dividing.",
    "divided_twice": "The division by {factor} happens twice.",
    "elementwise": "{product}, component by component, stands where {whole} belongs.",
    "higher_power": "The power of {part} is too high by one: {whole} is needed.",
    "times_for_power": "{part} is multiplied by {exponent}; it has to be raised to that power, {whole}.",
    "squared": "`{name}` is squared; it has to stand there without a square.",
    "absolute": "The absolute value of `{name}` stands where `{name}` itself, with its sign, belongs.",
    "function_for": "{other} stands where {f} belongs, in {whole}.",
    "slope_for": "{other} stands where {f} itself belongs, {whole}.",
    "function_twice": "`{function}` is taken twice.",
    "mean_for_sum": "The {other} is taken; the {f} is needed.",
    "name_for": "`{new}` stands where `{old}` belongs.",
    "name_for.once": "In one place `{new}` stands where `{old}` belongs.",
    "exchanged": "`{a}` and `{b}` have changed places.",
    "mixed_up": "The quantities are taken over in the wrong order: there stands {what}.",
}  # fmt: skip

_OTHERS = {
    "answer_of": "That is the right answer to another exercise, “{title}”.",
    "network_of":
        "In the forward pass {other} stands where {f} belongs, another network's activation; the rest is right.",
    "itself": "That is {other} itself: another function than {f}, and not differentiated.",
    "right_for": "That is right for another network, with {other} as activation; here it is {f}.",
    "other_everywhere": "{other} stands everywhere where {f} belongs.",
    "layer": "In the quantity `{name}` {other} stands where {f} belongs, and was differentiated as {other}.",
    "function_too_many": "σ is put around the quantity `{name}`, where no further activation belongs.",
    "own_minus.sigma": "Your {f} is not {f}: in the denominator there is a minus for the plus, 1 + e⁻ᶻ.",
    "own_exponent.sigma": "Your {f} is not {f}: the minus in the exponent is missing, 1 + e⁻ᶻ.",
    "own_inverted.sigma": "Your {f} is not {f}: one over the denominator 1 + e⁻ᶻ was forgotten.",
    "own_bracket.sigma": "Your {f} is not {f}: the denominator 1 + e⁻ᶻ needs a bracket.",
    "own_bracket_of_exp": "Your {f} is not {f}: the denominator 1 + eᶻ needs a bracket.",
    "own_both_signs": "Your {f} is not {f}: in the denominator both signs are wrong, 1 + e⁻ᶻ.",
    "own_numerator": "Your {f} is not {f}: the numerator is 1, not e⁻ᶻ.",
    "own_square": "Your {f} is not {f}: the denominator 1 + e⁻ᶻ is not squared.",
    "own_exponent.softplus": "Your {f} is not {f}: there is a minus too many in the exponent, ln(1 + eᶻ).",
    "own_log10": "Your {f} is not {f}: it has the logarithm to base 10, not the natural one.",
    "own_log2": "Your {f} is not {f}: it has the logarithm to base 2, not the natural one.",
    "own_bracket.softplus": "Your {f} is not {f}: the logarithm of the whole sum 1 + eᶻ is taken: a bracket.",
    "own_no_log": "Your {f} is not {f}: the logarithm is missing, ln(1 + eᶻ).",
    "own_minus.softplus": "Your {f} is not {f}: there is a minus for the plus, ln(1 + eᶻ).",
    "own_constant.one": "Your {f} is not {f}: it is 1 everywhere, a constant.",
    "own_constant.half": "Your {f} is not {f}: it is ½ everywhere, a constant.",
    "own_constant.ln2": "Your {f} is not {f}: it is ln 2 everywhere, a constant.",
    "own_constant.zero": "Your {f} is not {f}: it is 0 everywhere, a constant.",
    "own_inverted.tanh": "Your {f} is not {f}: numerator and denominator have changed places.",
    "own_tan": "tan stands where tanh belongs.",
    "own_sinh": "sinh stands where tanh belongs.",
    "own_half": "Your {f} is not {f}: the exponents are 2z, and the sign is the other one.",
}  # fmt: skip

#: What joins the others.
_JOINED = {
    "each_time": "{what} That happened each time.",
    "two_times": "{what} That happened twice.",
    "two_at_once": "Two things went wrong at once. {what}",
    "in_quantity": "In the quantity `{name}`: {what}",
}  # fmt: skip

#: Nothing is known of the mistake but where it lies.
_LEADS = {
    "lead.link":
        "Divided by the right answer, yours depends on {names} only: begin with {what}, and print it beside a finite "
        "difference.",
    "lead.factor":
        "Divided by the right answer, yours depends on {names} only: print every factor that is made of {it}, and "
        "compare it by hand.",
    "lead.term":
        "Your answer differs from the right one by something that depends on {names} only: begin with the term that is "
        "made of {it}, and print it alone.",
}  # fmt: skip

FORMULAS = {**_LEADS, **_SLOPES, **_POWERS, **_RULES, **_WRITTEN, **_OTHERS, **_JOINED}
