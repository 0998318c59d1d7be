"""What is said of the values that came, of their shape, and of how a function behaves, whatever was asked for."""

_CHAIN = "Write the chain rule with one factor for each step, and count the factors."
_CONSTANTS = "Follow every constant factor through your lines."
_SIGNS = "Follow the minus signs line by line."
_INSIDE = "Compute it inside the function, from the arguments."
_BY_HAND = "Work a small example out by hand, and print every quantity on the way."
_UNDER_THE_FOR = "Move the `return` to the left, under the `for`."
_T = "Look at `.T`, `reshape` and at what `@` returns."
_EACH = "Keep a number of its own for each component."
_PRINTED = "Return the value as it is; round only when you print it."

#: What follows “your answer is”, and in one case “your answer”.
_SIZES = {
    "sign.size": ("has the wrong sign", _SIGNS),
    "sign.only": "right but for the sign",
    "factor_2.size": ("twice as large as it should be", _CONSTANTS),
    "factor_half.size": ("half of what it should be", _CONSTANTS),
    "factor_3.size": ("three times too large", _CONSTANTS),
    "factor_third.size": ("a third of what it should be", _CONSTANTS),
    "factor_4.size": ("four times too large", _CONSTANTS),
    "factor_quarter.size": ("a quarter of what it should be", _CONSTANTS),
    "log10.size": ("off by the factor that a logarithm to base 10 brings (here log is the natural one)", _CONSTANTS),
    "log2.size": ("off by the factor that a logarithm to base 2 brings (here log is the natural one)", _CONSTANTS),
    "factor_ln10.size": ("multiplied by the natural logarithm of 10", _CONSTANTS),
    "factor_ln2.size": ("multiplied by the natural logarithm of 2", _CONSTANTS),
    "factor_root_2.size": ("√2 times what it should be", _CONSTANTS),
    "factor_1_root_2.size": ("divided by √2", _CONSTANTS),
    "percent.size": ("a hundred times too large, as if it were in percent", _CONSTANTS),
    "factor_hundredth.size": ("a hundredth of what it should be", _CONSTANTS),
    "factor_pi.size": ("multiplied by π", _CONSTANTS),
    "degrees.size": ("off by the factor between degrees and radians", _CONSTANTS),
    "one_minus.size": "one minus the right answer",
    "extra_constant.size": "off by the same number everywhere",
    "reversed.size": "right, but in the reverse order",
    "rounded.size": ("right, but rounded", _PRINTED),
    "inaccurate.size": "close to what is right, but not exact: is it kept in a type with few digits?",
    "constant_factor.size":
        ("{ratio} times as large as it should be, everywhere",
         "Follow every constant factor through your lines."),
    "minus_one.size": "right where it is 1, but −1 stands where 0 belongs",
    "shifted.size": "off by the same number everywhere in a data set: is its mean subtracted?",
}  # fmt: skip

_VALUES = {
    "everywhere": "Everywhere your answer {size}.",
    "besides": "{what} Besides, your answer {size}.",
    "with_factor": "Two things went wrong at once. {what} And your answer {size}.",
    "constant_factor": ("Your answer is a fixed multiple of the right one, everywhere.", _CONSTANTS),
    "zero": "Your answer is zero everywhere, the right one is not.",
    "zero.slope": ("Your answer is zero everywhere, the right one is not.",
         "Which of the quantities in the chain depend on the variable?"),
    "divided_by": ("Your answer has been divided by {counted} once too often.", _CHAIN),
    "times": ("Your answer has been multiplied by {counted}, or not divided by it.", _CHAIN),
    "missing": ("A factor `{name}` is missing{twice}.", _CHAIN),
    "extra": ("There is a factor `{name}`{squared} too many.", _CHAIN),
    "instead": ("A factor `{one}` stands where `{other}` belongs.", _CHAIN),
    "missing_inner_derivative":
        ("A factor is missing that depends on `{name}` only, such as the derivative of one function of the chain.",
         _CHAIN),
    "extra_inner_derivative":
        ("There is a factor too many that depends on `{name}` only, such as a derivative that does not belong here.",
         _CHAIN),
    "no_derivative": "That is the function itself: its derivative with respect to `{name}` has not been taken.",
    "intermediate": ("That is the quantity `{name}` itself, not what is asked for.",
         "It is a step on the way: go on from there."),
    "absolute_value": "Your answer has the right size, but it has lost its sign at some inputs.",
    "absolute_value.turned": "Your answer has the right size, but a wrong sign at some inputs.",
    "reciprocal": "Your answer is one divided by the right one.",
    "reciprocal.turned": "Your answer is one divided by the right one, with the wrong sign.",
    "squared.whole": "Your answer is the square of the right one.",
    "one_minus": "Your answer is one minus the right one.",
    "exponentiated": "Your answer is the exponential of the right one.",
    "reversed": "The components are in the reverse order.",
    "reversed.rows": "The rows of your answer are in the reverse order.",
    "rounded": ("Your answer has been rounded.", _PRINTED),
    "inaccurate": ("Your answer is close, but not exact.",
         "A rounded constant or a finite difference with a large h gives such values; work with the formula itself."),
    "extra_constant": "Your answer differs from the right one by the same number everywhere.",
    "extra_constant.slope": ("Your answer differs from the right one by the same number everywhere.",
         "A constant has the derivative zero."),
    "extra_term": "Everywhere your answer differs from the right one by the same multiple of `{name}`.",
    "nan": ("Your answer is {kind} at {point}.",
         "Look for a division by zero, a logarithm of a number that is not positive, or an exponential of a large "
         "number."),
    "clipped":
        ("The formula is right, but its logarithm has been kept from −∞: a small number was added inside it, or the "
         "probability was clipped. So a logit that is wrong by 1,000 costs a few dozen at most, and no gradient comes "
         "from it.",
         "Simplify the logarithm of the probability before you program it: no exponential needs to be cut off then."),
    "unknown": ("It is furthest off at {point}: there {part} is {mine}, {beside}.", _BY_HAND),
    "unknown.slope": ("It is furthest off at {point}: there {part} is {mine}, {beside}.",
         "Compare with a finite difference there: (F(p + h) − F(p − h)) / (2h) with h = 1e-5, for the function F and "
         "the variable p of the question."),
    "unknown.values": "The values are wrong.",
    "right_at_zero": "{what} It is right where {zero} = 0.",
    "root": "Your answer is the square root of the right one.",
    "logarithm": "Your answer is the logarithm of the right one.",
    "tanh_of_it": "Your answer is tanh of the right one: a function too many stands around the whole.",
}  # fmt: skip

#: {came} is the first of them.
_SHAPES = {
    "what_came": "Your answer has the wrong shape: {came} came, {needed} is needed{at}",
    "shape": ("{came}.", "Print the shape of each quantity on the way."),
    "shape.slope": ("{came}.", "A gradient has the shape of its parameter: print the shape of each factor."),
    "transpose.shape": ("{came}; it is the transpose of the right answer.", _T),
    "transpose.turned": "{came}; it is the transpose of the right answer, and the sign is wrong too.",
    "column.shape": ("{came}; the numbers are right, but they must have the shape of the parameter.", _T),
    "column.turned": "{came}; the numbers are right but for the sign, and they must have the shape of the parameter.",
    "summed.shape": ("{came}; its components have been added up.", _EACH),
    "averaged.shape": ("{came}; its components have been averaged.", _EACH),
    "summed.axis": "{came}; it has been summed over one axis too many.",
    "not_summed": "{came}; the sum is still missing.",
    "not_summed.rows": ("{came}. There is a row for each example: they have not been added up.",
         "Sum over the first axis, or use a matrix product."),
    "not_averaged.shape": "{came}; the mean is still missing.",
    "broadcast": ("{came}. Usually an array of shape (n,) met one of shape (n, 1), and NumPy made a table of them.",
         "Print the shape of every factor."),
    "transpose": ("Your answer is the transpose of the right one.", "Look at `.T`, and at the order of the factors."),
    "summed": ("Every component of your answer is the {total} of all components.", _EACH),
    "vector_transposed":
        ("`{name}.T` is `{name}` itself: a vector has one axis, and no column comes of it. The shape is wrong: {came} "
         "came, {needed} is needed.", "A table of two vectors is `np.outer(a, b)`."),
}  # fmt: skip

_BEHAVIOUR = {
    "parameter_order":
        ("Your function seems to take its parameters in another order: it is called with {signature}, in this order.",
         "Compare the line with `def` with this order."),
    "parameter_order.own":
        ("Your function takes ({own}), but it is called with {signature}, in this order. Apart from that it is right.",
         "Reorder the parameters in the line with `def`."),
    "not_repeatable": ("Your function returns different values when it is called twice with the same arguments.",
         "Does it use random numbers, or a global variable?"),
    "changes_argument":
        ("Your function changes its argument {names} in place, and then goes on with the changed values.",
         "Work on a copy: `w = w.copy()`, or write `w = 2*w` instead of `w *= 2`."),
    "constant": ("Your answer is the same everywhere, but the right one changes with its inputs.",
         "Evaluate at two different inputs by hand."),
    "constant.value":
        "That is one value, {came}, the same whatever the inputs are; a function is asked for. Hand in the function "
        "itself, without brackets behind its name, as in `check(my_function)`.",
    "hard_step": ("Only 0 and 1 come: a step, a hard threshold, stands where σ belongs, which rises smoothly.",
         "Draw both between 0 and 1, close to the edge."),
    "right_where": ("Your answer is right where {name} {here} 0, and wrong where {name} {there} 0.",
         "Is a sign lost, or one of two cases left out?"),
    "partly_right": ("Your answer is right at some inputs, such as {good}, and wrong at others, such as {bad}.",
         "What differs between these inputs: a sign, or a size?"),
    "partly_right.components":
        ("At {point} {count} of the {size} components of your answer are right, the others are wrong.",
         "What differs between these components: a sign, or an index?"),
    "first_component_only":
        ("Only the first component is filled in, the others are zero: does a `return` stand inside the loop?",
         _UNDER_THE_FOR),
    "summed_so_far":
        ("Each component is the sum of the right one and all before it: what belongs to the earlier components is not "
         "set back to zero.", "Make the step anew for each component."),
    "only_for_one_example": ("Your answer is right where there is a single example, but not for several.",
         "Write out the case of two examples by hand."),
    "only_for_scalar": ("Your answer is right where every vector has a single component, but not for longer ones.",
         "Write out the case of two components by hand."),
    "ignores": "Your answer does not change with {names}, but the right one does.",
    "depends_on": "Your answer changes with {names}, but the right one does not.",
    "hard_step.elsewhere":
        ("Only 0 and 1 come: a step, a hard threshold, stands where σ belongs, which rises smoothly. It also jumps"
         " in another place than σ rises.",
         "Draw both between 0 and 1, close to the edge."),
    "new_values.one":
        ("That is the new `{name}` after a step; the derivative itself is asked for.",
         "No learning rate yet: the derivative is what a step is made of."),
}  # fmt: skip

_CODE = {
    "borrowed":
        ("Your function uses {names}, which is not one of its arguments and not made in it: it is taken from another "
         "cell, with the value that was left there.", _INSIDE),
    "borrowed.several":
        ("Your function uses {names}, which are none of its arguments and not made in it: they are taken from another "
         "cell, with the value that was left there.", _INSIDE),
    "otherwise_right": "{what} Apart from that it is right.",
    "rounded_constant": "`{came}` stands for {name}: that is too few digits, and `{written}` has them all.",
    "return_in_loop":
        ("A `return` stands inside the loop: it ends the function in the first round, and what belongs to the other "
         "rounds is missing.", _UNDER_THE_FOR),
    "floor_division": "Your code divides with `//`, which rounds down to a whole number: `/` divides.",
    "fixed_loop": ("A loop runs over `range({count})`, whatever the size of the arrays is.",
         "Let it run over `range(len(…))`."),
}  # fmt: skip

_FIXED = {
    "one_less": "It is divided by {what} less one; a mean is divided by that number itself.",
    "fixed_size":
        ("It is divided by {count}, whatever {what} is: a fixed size is written in. The check calls your function with "
         "data of several sizes.", "Take the size from the arrays: `len(…)` or `.shape`."),
    "fixed_size.two": ("It is divided by 2, whatever {what} is; a mean is divided by that number.",
         "`np.mean`, or `/ len(…)`."),
    "fixed_size.value":
        ("The number {value} is written in, and `{name}` is not used: it is right for {name} = {value} only.",
         "Use the argument instead of the number."),
}  # fmt: skip

_NEURONS = {
    "other_neuron": ("Your function is the neuron σ({sum}): {wrong}.",
         "Compare the weights and the bias with the task, then with your line, one by one."),
    "other_neuron.step": "So its step lies at {x} = {at}.",
    "other_neuron.bracket": "The weight multiplies the bias too: where does the bracket end?",
    "other_neuron.minus": "Does the minus in the exponent act on its first term only? Then a bracket is missing.",
    "other_neuron.weight": "the weight of `{name}` is {mine}, not {right}",
    "other_neuron.bias": "the bias is {mine}, not {right}",
    "constant.neuron":
        ("Your function is constant, {value} at all {count} points that were tried, near 0 and far out. {perhaps}",
         "At which input is weight times input plus bias zero?"),
    "constant.where": "Where is its pre-activation zero? Does a minus in front of a bracket act on the bias too?",
    "sigma_twice": ("σ is taken twice, one around the other.", "The last neuron has one σ."),
    "sigma_around": ("σ is put around the whole, but this sum has no activation of its own.",
         "The task gives it as a plain sum or difference."),
    "sign.combination": "Everywhere your answer has the wrong sign: it is {written}.",
    "other_combination": "Your function is {written}. {compared}",
    "other_quantity": ("In the last neuron stands `{name}`; `{right}` belongs there.",
         "Draw the quantity that goes into the last neuron: is it the cross?"),
    "other_neuron.scaled": "All of them are {ratio} times what the task gives.",
    "tanh_around": "tanh is put around the whole, but this sum has no activation of its own.",
}  # fmt: skip

_TRAINING = {
    "small_gradients": ("Your function is right for ordinary gradients, but not where they are 0 or very small.",
         "Look at what you divide by."),
}  # fmt: skip

_LINES = {
    "lost_brackets":
        "Brackets around `{inside}` are missing: without them a product, a quotient or a power takes only what is next "
        "to it.",
    "sides_differ": "{pair} are not equal.",
    "wrong_label": "The right side is what is asked for, but it is not {label}: the label on the left is wrong.",
}  # fmt: skip

ANSWERS = {**_SIZES, **_VALUES, **_SHAPES, **_BEHAVIOUR, **_CODE, **_FIXED, **_NEURONS, **_TRAINING, **_LINES}
