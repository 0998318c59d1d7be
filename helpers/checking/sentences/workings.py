"""What is said of the lines of a working, of tables of numbers, and of gradients."""

_SIGNS = "Follow the minus signs line by line."
_PICTURE = "Compare the numbering with the picture of the network."
_ACTIVATION = "Which activation does the task name?"
_SLOPE = "σ'(z) = a(1 − a)."
_COPIED = "Compare every number with the given one, its sign too."
_ONCE_MORE = "Write this line down with its numbers, and work it out once more."
_ALL_DIGITS = "Keep all digits until the end."
_FROM_THE_TOP = "Write down every line, each with its numbers, and compare from the top."
_NO_RATE = "No learning rate yet, and no minus."

#: One change of the working. {lines} are those in which it was made, {lost} what stood there, {put} what stands there now.
_CHANGES = {
    "missing_factor.line": ("In {lines} {lost} {is_} missing.", "Count the factors of the chain rule."),
    "missing_term.line": ("In {lines} {lost} {is_} missing.", "Compare the sum term by term."),
    "inner_sign.line": ("In {lines} {lost} {has} the wrong sign.", _SIGNS),
    "sign.line": ("In {lines} the sign is wrong.", _SIGNS),
    "factor_2.line": ("In {lines} a factor 2 is too many.", "Follow every constant factor."),
    "factor_half.line": ("In {lines} the value is half of what it should be.", "Follow every constant factor."),
    "missing_square.line": ("In {lines} the square is missing.", "Compare the power with the one in the task."),
    "missing_function.line": "In {lines} {put} {stands} where {f} of it belongs.",
    "no_function.line": "In {lines} {f} has not been applied.",
    "wrong_function.line": ("In {lines} {g} stands where {f} belongs.", _ACTIVATION),
    "lost_minus.line": ("In {lines} the minus in the exponent of σ was lost.", "σ(z) = 1/(1 + e^(−z))."),
    "own_sigma.line": ("σ is programmed wrongly, the brackets of 1/(1 + e^(−z)) are lost: {own} comes out.",
         "Try your σ alone: σ(0) is ½."),
    "slope_missing.line": ("In {lines} the derivative of the activation, the slope {slope}, is missing.",
         "On the way through a neuron stands σ'(z) = a(1 − a)."),
    "slope_lost_behind.line":
        ("In {lines} the derivative of the output's activation, {slope}, is missing on the way back.",
         "What goes back from the output is its whole δ, slope included."),
    "not_derived.line": ("In {lines} stands the loss {put} itself: it has not been differentiated.",
         "The square leaves a factor 2 behind."),
    "slope_at.line": ("In {lines} the slope of σ is written {at}; it is {slope}.", "σ'(z) = a(1 − a), with a = σ(z)."),
    "slope_of_tanh.line": ("In {lines} the slope is written 1 − a², the rule of tanh; that of σ is a(1 − a).",
         _ACTIVATION),
    "slope_of_relu.line": ("In {lines} the slope is that of ReLU, 0 or 1; that of σ is a(1 − a).", _ACTIVATION),
    "slope_of_a.line": ("In {lines} the derivative σ' is taken at the activation: σ was applied twice.",
         "σ'(z) = a(1 − a), with a as it is."),
    "slope_is_a.line": ("In {lines} the activation a stands in the place of the slope a(1 − a).", _SLOPE),
    "slope_is_one_minus_a.line": ("In {lines} 1 − a stands in the place of the slope a(1 − a).", _SLOPE),
    "slope_squared.line": ("In {lines} a² stands in the place of the slope a(1 − a).", _SLOPE),
    "slope_plus.line": ("In {lines} the slope is written a(1 + a); it is a(1 − a).", _SLOPE),
    "slope_bracket.line": ("In {lines} a bracket is lost in the slope: `a*1 - a` is not a(1 − a).",
         "Put 1 − a in brackets."),
    "lost_bracket.line": ("In {lines} a bracket is lost around {lost}.", "Put every sum in a product in brackets."),
    "names_swapped.line": ("In {lines} {both} are swapped.", _PICTURE),
    "x_swapped.line": ("The two inputs are swapped.", _PICTURE),
    "reordered.line": ("In {lines} {lost} stand in another order, here the reverse one.",
         "Each neuron has its own weight: compare with the picture of the network."),
    "other_names.line": ("In {lines} {put} {stands} where {lost} {belongs}.",
         "What stands beside it in the forward pass?"),
    "summed_names.line": ("In {lines} stands the sum of {lost}; each of them needs its own one.",
         "Follow the path of one neuron alone."),
    "function_too_many.line": ("In {lines} σ is put around the sum, where no activation belongs.",
         "Which neurons of the task have an activation?"),
    "summed_matrix.line": ("In {lines} stands the sum of all entries of {lost}; each unit needs its own weight.",
         "Follow the path of one unit alone."),
    "reversed_matrix.line": ("In {lines} the entries of {lost} stand in reverse order.",
         "Each unit has its own weight: compare with the forward pass."),
    "updated.line": ("In {lines} the new values of {lost} are used. All gradients of one step belong to the old ones.",
         "Work out all gradients first, then take the step."),
    "no_bias.line": ("The biases are missing in the forward pass.",
         "Every neuron adds its bias after the weighted sum."),
    "mean_matrix.line":
        ("In {lines} stands the mean of all entries of {lost}; each unit needs its own weight.",
         "Follow the path of one unit alone."),
    "added_factor.line": ("In {lines} {lost} is added; it has to be multiplied.", "The chain rule is a product."),
    "residual_sign.line":
        ("In {lines} only the sign of {lost} is left, as from an absolute value; the loss is a square.",
         "The derivative of a square is twice what is squared."),
    "residual_size.line":
        ("In {lines} {lost} has lost its sign.",
         "The derivative of a square is twice what is squared."),
    "residual_squared.line":
        ("In {lines} {lost} is squared: the square has not been differentiated.",
         "The derivative of a square is twice what is squared."),
    "extra_slope.line":
        ("In {lines} the slope of σ, {put}, is multiplied in, but this output has no activation.",
         "Which neurons of the task have an activation?"),
}  # fmt: skip

_UPDATES = {
    "ascent": "The gradient has been added instead of subtracted.",
    "gradient_instead":
        "These are the gradients; the new values are asked for: old value minus learning rate times gradient.",
    "gradient_instead.one":
        "This is the gradient; the new value is asked for: old value minus learning rate times gradient.",
    "step_instead": "These are the steps alone; the new values are asked for.",
    "step_instead.one": "This is the step alone; the new value is asked for.",
    "step_instead.turned": "These are η times the gradients; the new values are asked for.",
    "step_instead.turned_one": "This is η times the gradient; the new value is asked for.",
    "eta_missing": "The learning rate is missing in the update.",
    "not_updated": "These are the old values: the step has not been taken.",
    "not_updated.one": "It still has its old value: the step has not been taken.",
    "old_sign": "The step was taken from the old value with the wrong sign.",
    "lost_sign": "The sign of the value is lost.",
    "learning_rate": ("The learning rate was taken as {used}: every step belongs to it. Here η is {eta}.",
         "A step is the learning rate times the gradient."),
    "learning_rate.too": "The learning rate was taken as {used}; here η is {eta}.",
    "learning_rate.or": "Or the learning rate was taken as {used}.",
    "old_value": ("The step of {which} is right, but it starts from another value than the old one, {old}.", _COPIED),
    "old_value.several": ("The steps of {which} are right, but they start from other values than the old ones.",
         _COPIED),
}  # fmt: skip

_TABLES = {
    "constant.table": ("The same number stands in every entry.", "Begin with the first line of the working."),
    "swapped.table": ("The numbers are right, but under the wrong names: {names} are mixed up.", _PICTURE),
    "other_name": "What stands there is right for another entry.",
    "same_multiple": ("They are {much}: the mistake lies in what they share.", "Which factor do they have in common?"),
    "printed_numbers": ("{which} of your numbers.", "Copy your numbers once more, one by one."),
    "printed_numbers.all": ("This is the answer for the printed numbers; yours are other ones.",
         "Copy your numbers once more, one by one."),
    "number.sign": ("`{name}` was taken as {used}; the given number is {given}.", _COPIED),
    "number.left_out": ("`{name}` is left out, as if it were 0.", _COPIED),
    "number.bias": ("The bias `{name}`{of} is missing in the forward pass.", _COPIED),
    "number.misread":
        ("It all follows from `{name}` = {used}, where {given} is the given number: it was misread, or the line in "
         "which it stands is off by as much.", _COPIED),
    "numbers_exchanged": ("The given numbers `{one}` and `{two}` were exchanged.", _COPIED),
    "same_effect": "something else with the same effect",
    "rounded.table": ("The numbers have been rounded{after}.",
         "Enter the expression itself, or at least twelve decimals; round only when you print."),
    "rounded.early": ("Numbers have been rounded on the way{after}.", _ALL_DIGITS),
    "rounded.lines": ("Intermediate results were rounded to about {places} {unit}{after}.", _ALL_DIGITS),
    "rounded.too": "{what} The numbers are rounded as well.",
    "digit_slip":
        "The decimals belong to the right number, but the whole number in front of them does not: was something copied "
        "wrongly?",
    "two_things": "Two things happened. {one} And: {two}",
    "carried_on": "{what} The rest follows from that: {which} carried on rightly.",
    "follow_up": ("It does not follow from your other numbers: look at {line}, made of {parts}.", _ONCE_MORE),
    "follow_up.first":
        ("The first of them that does not follow from your other numbers is `{name}`: look at {line}, made of {parts}.",
         _ONCE_MORE),
    "follow_up.one_number": ("All that is off follows rightly if one number on the way was another one: {lines}.",
         _ONCE_MORE),
    "follow_up.same_multiple":
        ("Every step is the same multiple of the right one: {lines} is wrong, or the learning rate is.", _ONCE_MORE),
    "unknown.first": "The first one to look at is `{name}`.",
    "unknown.entry": ("It {side}.", _FROM_THE_TOP),
    "unknown.step": ("Counted from the old value, its step {side}.", _FROM_THE_TOP),
    "unknown.update":
        ("The gradient in its update is right: look at the old value, the learning rate, and the sign between them.",
         _FROM_THE_TOP),
}  # fmt: skip

_GRADIENTS = {
    "only_this_size":
        ("That is right for the sizes of the statement, but not for a network of other sizes: something is written out "
         "for fixed sizes.", "Let `@`, `.T` and `np.outer` take the sizes from the arrays."),
    "steps":
        ("These are {factor} times the gradients, as a step with the learning rate {rate} is; the gradients themselves "
         "are asked for.", _NO_RATE),
    "new_values": ("These are the new values after a step; the gradients themselves are asked for.",
         "No learning rate yet: return what the parameters are to be moved by, before η."),
    "swapped.gradients": "The gradients are right, but under the wrong names: {names} are mixed up.",
    "transpose.gradient": ("It is the transpose of the right gradient: {needed} is needed.",
         "Rows belong to the neurons of the layer, columns to what comes in."),
    "shape.gradient": ("The numbers are right, but {came} came, and {needed} is needed.",
         "A gradient has the shape of its parameter; `reshape` and `np.outer` make rows."),
    "own_factor": "There is a factor `{name}` too many: the derivative of `{name}` with respect to itself is 1.",
    "own_weight": "In the gradient of `{name}` the weight itself stands where {beside} belongs.",
    "missing_factor.gradient": "In the gradient of `{name}` {beside} is missing.",
    "input_in_bias": "In the gradient of the bias `{name}` {beside} stands too: what is beside a bias is 1.",
    "begin": "begin with this one, the first of them in the {which} pass.",
    "begin.at": "begin with this one, the first of them in the {which} pass: {component} {side}.",
    "to_print": "Print {itself}what it is made of, {parts}.",
    "already_right": "{names} {is_} right, as the right gradients show.",
}  # fmt: skip

WORKINGS = {**_CHANGES, **_UPDATES, **_TABLES, **_GRADIENTS}
