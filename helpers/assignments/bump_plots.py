"""Notebook 03, bumps and towers: tasks 000.3a and 000.3b. Here a function is asked for, not a derivative.

In the notebook: `from helpers.assignments import bump_plots`, then `bump_plots.bump.check(my_h21)`.

Values are compared on the edges of the steps, where they are neither 0 nor 1. The tolerance is wider than
elsewhere: the steps are so steep that float32 arithmetic moves their edges.
"""

from helpers import challenges
from helpers.checking.feedback import Feedback, Feedbacks, are, in_list
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Step

_RTOL = 1e-4
_BUMP_SECTION = "2. Two neurons make a bump"
_TOWER_SECTION = "4. Two inputs: ridges, a cross, a tower"
_STEPS_SECTION = "All steps and ridges"

# ---------------------------------------------------------------------------------------------- one neuron


def _unit(key, title, statement, parameters, points, z, mistakes, *, name, reason="", **more):
    """The activation of one unit, σ(z)."""
    return Question(
        key,
        title,
        statement,
        dict.fromkeys(parameters, ()),
        points,
        f"sigma({z})",
        mistakes=[*mistakes, Mistake("no_sigma", "That is the pre-activation; σ is missing.", z)],
        target=name,
        steps=[
            Step(f"sigma({z})", f"logistic sigmoid of the pre-activation{reason}"),
            Step(f"1/(1 + exp(-({z})))", "written out: the minus acts on the whole bracket"),
        ],
        **more,
    )


neuron = _unit(
    "03.neuron",
    "One neuron",
    r"Program the activation $a=\sigma(wx+b)$ of a neuron.",
    ("x", "w", "b"),
    [(0.7, 8.0, -4.3), (-1.2, 3.1, 2.6), (0.4, -5.0, 1.3), (1.6, 2.2, -2.9)],
    "w*x + b",
    [
        Mistake("paren", "A bracket is missing: the minus of the exponent must act on the bias too.", "sigma(w*x - b)"),
        Mistake("no_minus", "The step goes the wrong way: the minus in the exponent was lost.", "sigma(-(w*x + b))"),
        Mistake("fraction", "A bracket is missing: `1 / 1 + …` divides only the 1.", "1 + exp(-(w*x + b))"),
        Mistake("slope_outside", "The weight multiplies the bias too.", "sigma(w*(x + b))"),
    ],
    name="a",
    section="1. One neuron makes a step",
    hints=(
        "Compute the pre-activation z first, in a line of its own.",
        "σ(z) is 1/(1 + e^(−z)): brackets around the whole denominator, and a minus on the whole of z.",
    ),
)

_PLACED = {"x": (), "left": (), "right": (), "height": ()}
_RISE, _FALL = "sigma(500*(x - left))", "sigma(500*(x - right))"

placed_bump = Question(
    "03.placed",
    "A bump anywhere",
    "Program a bump of a given height between `left` and `right`: two steps with the weight 500, at `left` and at `right`.",
    _PLACED,
    [
        (0.2013, 0.2, 0.4, 0.7),
        (0.3991, 0.2, 0.4, 1.3),
        (0.7026, 0.7, 0.8, -1.6),
        (-0.3012, -0.3, 0.25, 2.2),
        (0.2487, -0.3, 0.25, 0.6),
        (0.3, 0.2, 0.4, -0.9),
        (0.9, 0.2, 0.4, 1.7),
    ],
    f"height*({_RISE} - {_FALL})",
    rtol=_RTOL,
    mistakes=[
        Mistake(
            "place_not_bias",
            "The places stand where the biases belong: a step of weight w at s has the bias −w·s.",
            "height*(sigma(500*x + left) - sigma(500*x + right))",
            "height*(sigma(500*x - left) - sigma(500*x - right))",
            hint="The step is where 500·x + b = 0.",
        ),
        Mistake(
            "place_over_weight",
            "The place is divided by the weight; a step of weight w at s has the bias −w·s.",
            "height*(sigma(500*x - left/500) - sigma(500*x - right/500))",
            "height*(sigma(500*x + left/500) - sigma(500*x + right/500))",
            hint="The step is where 500·x + b = 0.",
        ),
        Mistake(
            "sign_of_bias",
            "The steps are at −left and −right: the bias is −500·left.",
            "height*(sigma(500*(x + left)) - sigma(500*(x + right)))",
        ),
        Mistake(
            "reversed_steps",
            "The bump points the wrong way: the steps were subtracted in the reverse order.",
            f"height*({_FALL} - {_RISE})",
        ),
        Mistake("no_height", "The height is missing: both output weights have its size.", f"{_RISE} - {_FALL}"),
        Mistake(
            "height_once",
            "Only one of the two steps has the height as its output weight.",
            f"height*{_RISE} - {_FALL}",
            f"{_RISE} - height*{_FALL}",
        ),
        Mistake(
            "steps_added", "The steps were added; the second one has to be subtracted.", f"height*({_RISE} + {_FALL})"
        ),
        Mistake(
            "steps_multiplied", "The steps were multiplied; they have to be subtracted.", f"height*{_RISE}*{_FALL}"
        ),
        Mistake("one_step", "That is one step; a second one has to end the bump.", f"height*{_RISE}"),
    ],
    optional=True,
    target="bump",
    hints=(
        "A neuron of weight 500 with its step at s has the bias −500·s.",
        "One step at `left` goes up, one at `right` is subtracted; both are multiplied by the height.",
    ),
    steps=[
        Step(
            f"height*{_RISE} - height*{_FALL}", "a step up at `left`, and one of the same height subtracted at `right`"
        ),
        Step(f"height*({_RISE} - {_FALL})", "the common factor in front"),
    ],
)

# ------------------------------------------------------------------------------------ 000.3a: the bump

# On the edges, and far out, where nothing may happen.
_X_POINTS = [(x,) for x in (-0.0665, -0.0585, -0.0571, 0.0123, 0.0563, 0.0587, 0.0652, 0.0641, -0.0624)]
_X_POINTS += [(x,) for x in (-0.613, 0.587, -1.21, 1.19)]
_BUMP_STEPS = {"h11": "sigma(500*x + 30)", "h12": "sigma(500*x - 30)"}
_STEP_HINTS = (
    "σ(z) is 1/(1 + e^(−z)), and z is the whole of weight times x plus bias.",
    "Put brackets around the whole exponent: −(500·x ± 30).",
    "At which x is the pre-activation zero? There the step has half its height.",
)


def _step(name, bias):
    return _unit(
        f"000.3a.{name}",
        f"The step {name} of the bump",
        rf"Program the step ${name[0]}_{{{name[1:]}}}(x)=\sigma(500x{bias:+d})$.",
        ("x",),
        _X_POINTS,
        f"500*x {bias:+d}",
        [_goes_down(f"500*x {bias:+d}")],
        name=name,
        reason=f"; step up at x = {'−0.06' if bias > 0 else '0.06'}",
        rtol=_RTOL,
        section=_BUMP_SECTION,
        hints=_STEP_HINTS,
    )


def _goes_down(z):
    what = "The step goes down instead of up: the minus in the exponent was lost."
    return Mistake("no_minus", what, f"sigma(-({z}))")


bump_h11 = _step("h11", 30)
bump_h12 = _step("h12", -30)

bump = Question(
    "000.3a",
    "The bump h21",
    r"With $h_{11}=\sigma(500x+30)$ and $h_{12}=\sigma(500x-30)$ program $h_{21}(x)=h_{11}-h_{12}$.",
    {"x": ()},
    _X_POINTS,
    "h11 - h12",
    definitions=_BUMP_STEPS,
    rtol=_RTOL,
    section=_BUMP_SECTION,
    mistakes=[
        Mistake(
            "paren",
            "A bracket is missing in the exponent, so the two steps have changed places and the bump points down.",
            "h12 - h11",
        ),
        Mistake(
            "no_minus",
            "the minus in the exponent was lost, so both steps go down",
            "sigma(-500*x - 30) - sigma(-500*x + 30)",
        ),
        Mistake("reverse", "the steps were subtracted in the reverse order", "h12 - h11"),
        Mistake("product", "The steps were multiplied; the bump is a difference.", "h11*h12"),
        Mistake("later_step", "`h12` stands there alone; it is to be subtracted from `h11`.", "h12"),
        Mistake("sum", "The steps were added; the bump is a difference.", "h11 + h12"),
        Mistake(
            "slope_outside",
            "The weight multiplies the bias too: both steps lie far outside the picture, and the difference is flat.",
            "sigma(500*(x + 30)) - sigma(500*(x - 30))",
        ),
    ],
    hints=(*_STEP_HINTS, "The earlier step minus the later one is 1 between them and 0 elsewhere."),
    target="h21",
    steps=[
        Step("sigma(500*x + 30) - sigma(500*x - 30)", "insert the two steps"),
        Step(
            "(1 + exp(-500*x + 30) - 1 - exp(-500*x - 30)) / ((1 + exp(-500*x - 30))*(1 + exp(-500*x + 30)))",
            "common denominator",
        ),
        Step(
            "(exp(30) - exp(-30)) / (exp(500*x) + exp(-500*x) + exp(30) + exp(-30))",
            "multiply above and below by e to the power 500x",
        ),
        Step("sinh(30) / (cosh(500*x) + cosh(30))", "an even function: the bump is symmetric about 0"),
    ],
    remark="How many points must a plot have to show it as it is? A side path at the end of the notebook is about that.",
)

# ----------------------------------------------------------------------------------- 000.3b: the tower

_PLANE = {"x1": (), "x2": ()}
_TOWER = {
    "h11": "sigma(x1 + 50*x2 + 100)",
    "h12": "sigma(x1 + 50*x2 - 100)",
    "h13": "sigma(50*x1 + x2 + 100)",
    "h14": "sigma(50*x1 + x2 - 100)",
    "h21": "h11 - h12",
    "h22": "h13 - h14",
    "h31": "h21 + h22",
}
# On the edges of all four steps: x1 + 50 x2 = ±100 and 50 x1 + x2 = ±100, away from the symmetry axes.
_EDGE_POINTS = [
    (0.7, -2.03),
    (-1.3, 1.96),
    (1.4, 1.99),
    (-0.6, -1.97),
    (-2.03, 0.7),
    (1.96, -1.3),
    (1.99, 0.4),
    (-1.97, -0.6),
    (1.95, 1.97),
    (-2.01, -1.93),
    (0.31, -0.42),
]
_TOP_POINTS = [
    (1.9, 0.13),
    (1.905, -0.3),
    (-1.9, 0.42),
    (0.55, -1.905),
    (0.31, -0.42),
    (1.85, 1.84),
    (-1.91, 1.935),
    (0.2, 4.1),
    (3.9, 3.7),
    (1.98, 0.35),
]
_TOWER_HINTS = (
    "Program one step first and look at it alone: where is its pre-activation zero?",
    "h11 and h12 run along the x1 axis, h13 and h14 along the x2 axis: compare the weights.",
    "Look at the picture from above: h21 and h22 are ridges that cross.",
)


def _tower_step(name, formula, mirrored, optional=True):
    shown = formula.replace("*", "").replace("x1", "x_1").replace("x2", "x_2")
    return _unit(
        f"000.3b.{name}",
        f"The step {name} of the tower",
        rf"Program the step $h_{{{name[1:]}}}(x_1,x_2)=\sigma({shown})$.",
        _PLANE,
        _EDGE_POINTS,
        formula,
        [Mistake("swap", "x1 and x2 have changed places.", f"sigma({mirrored})"), _goes_down(formula)],
        name=name,
        rtol=_RTOL,
        section=_STEPS_SECTION if optional else _TOWER_SECTION,
        optional=optional,
        hints=_TOWER_HINTS,
    )


tower_h11 = _tower_step("h11", "x1 + 50*x2 + 100", "x2 + 50*x1 + 100")
tower_h12 = _tower_step("h12", "x1 + 50*x2 - 100", "x2 + 50*x1 - 100")
tower_h13 = _tower_step("h13", "50*x1 + x2 + 100", "50*x2 + x1 + 100", optional=False)
tower_h14 = _tower_step("h14", "50*x1 + x2 - 100", "50*x2 + x1 - 100")


def _ridge(name, first, second, other):
    known = {step: _TOWER[step] for step in ("h11", "h12", "h13", "h14")}
    return Question(
        f"000.3b.{name}",
        f"The ridge {name} of the tower",
        rf"Program the ridge $h_{{{name[1:]}}}=h_{{{first[1:]}}}-h_{{{second[1:]}}}$.",
        _PLANE,
        _EDGE_POINTS,
        f"{first} - {second}",
        definitions=known,
        rtol=_RTOL,
        section=_STEPS_SECTION,
        optional=True,
        mistakes=[
            Mistake(
                "reverse",
                "The ridge points down: the steps were subtracted in the reverse order, or a minus in the exponent "
                "was lost.",
                f"{second} - {first}",
            ),
            Mistake("swap", "x1 and x2 have changed places: that is the other ridge.", other),
            Mistake("product", "The steps were multiplied; the ridge is a difference.", f"{first}*{second}"),
            Mistake(
                "later_step", f"`{second}` stands there alone; it is to be subtracted from `{first}`.", f"{second}"
            ),
            Mistake("sum12", "The steps were added; the ridge is a difference.", f"{first} + {second}"),
        ],
        hints=_TOWER_HINTS,
        target=name,
        steps=[
            Step(f"{_TOWER[first]} - {_TOWER[second]}", "insert the two steps"),
            Step(f"sinh(100)/(cosh({_TOWER[first][6:-7]}) + cosh(100))", "as for the bump in one dimension"),
        ],
    )


tower_h21 = _ridge("h21", "h11", "h12", "h13 - h14")
tower_h22 = _ridge("h22", "h13", "h14", "h11 - h12")

tower_h31 = Question(
    "000.3b.h31",
    "The cross h31 of the tower",
    r"Program the cross $h_{31}=h_{21}+h_{22}$.",
    _PLANE,
    _EDGE_POINTS,
    "h21 + h22",
    rtol=_RTOL,
    section=_TOWER_SECTION,
    definitions={name: text for name, text in _TOWER.items() if name != "h31"},
    mistakes=[
        Mistake("product", "The ridges were multiplied; the cross is a sum.", "h21*h22"),
        Mistake("minus", "The ridges were subtracted; the cross is a sum.", "h21 - h22"),
        Mistake("sum12", "In the ridges the steps were added instead of subtracted.", "h11 + h12 + h13 + h14"),
    ],
    hints=_TOWER_HINTS,
    target="h31",
    steps=[
        Step("(h11 - h12) + (h13 - h14)", "insert the two ridges"),
        Step(
            "sinh(100)/(cosh(x1 + 50*x2) + cosh(100)) + sinh(100)/(cosh(50*x1 + x2) + cosh(100))",
            "each ridge as for the bump in one dimension",
        ),
    ],
)

tower = Question(
    "000.3b",
    "The tower f",
    r"With the cross $h_{31}$ program the tower $f(x_1,x_2)=\sigma(100\,h_{31}-200)$.",
    _PLANE,
    _TOP_POINTS,
    "sigma(100*h31 - 200)",
    definitions=_TOWER,
    rtol=_RTOL,
    section=_TOWER_SECTION,
    mistakes=[
        Mistake("minus", "The ridges were subtracted; h31 is their sum.", "sigma(100*(h21 - h22) - 200)"),
        Mistake(
            "bias_-150",
            "The last bias is not the given one. With −150 the tower has height 1, which may be what was meant, but "
            "the task says −200.",
            "sigma(100*h31 - 150)",
        ),
        Mistake(
            "bias_-100",
            "The last bias is not the given one: with −100 a cross is left standing.",
            "sigma(100*h31 - 100)",
        ),
        Mistake(
            "paren", "The bracket is in the wrong place: the weight multiplies the bias too.", "sigma(100*(h31 - 200))"
        ),
        Mistake("no_sigma", "That is the last pre-activation; σ is missing.", "100*h31 - 200"),
    ],
    hints=(*_TOWER_HINTS, "The last neuron sees h31 only: its weight is 100, its bias −200."),
    target="f",
    steps=[
        Step("sigma(100*(h21 + h22) - 200)", "the cross is the sum of the ridges"),
        Step("1/(1 + exp(200 - 100*(h21 + h22)))", "written out"),
    ],
    remark="How high is the centre? Look at f(0, 0), and at what the last pre-activation is there.",
)

questions = [
    bump_h11,
    bump_h12,
    bump,
    tower_h11,
    tower_h12,
    tower_h13,
    tower_h14,
    tower_h21,
    tower_h22,
    tower_h31,
    tower,
]


#: `challenges.check_bias_range` records it.
bias_range = challenges.BiasRange(
    "03.bias",
    "The range of biases",
    "Find the smallest and the largest bias of the output for which the network is a tower.",
    gain=100.0,
    low=0.05,
    high=0.95,
    section="5. Spot the mistake in the tower",
    optional=True,
)

#: What the notebook asks for, in its order.
exercises = [neuron, bump, challenges.best_heights, tower, placed_bump, bias_range, tower_h22]


def check_bump(**functions):
    """Check h11, h12 and h21 of section 2 together: check_bump(h11=h11, h12=h12, h21=h21)."""
    return _check({"h11": bump_h11, "h12": bump_h12, "h21": bump}, functions)


def check_tower(**functions):
    """Check functions of section 4 together, by their names there: check_tower(h21=h21, f=f)."""
    return _check({question.key.split(".")[-1]: question for question in questions[3:-1]} | {"f": tower}, functions)


#: What each function is made of, in one step or in several.
_STEPS = ("h11", "h12", "h13", "h14")
_PARTS = {
    "h21": _STEPS[:2],
    "h22": _STEPS[2:],
    "h31": ("h21", "h22", *_STEPS),
    "f": ("h31", "h21", "h22", *_STEPS),
}


def _check(known, functions):
    found = {}
    for name in sorted(functions, key=list(known).index):
        feedback = known[name].check(functions[name])
        parts = [part for part in _PARTS.get(name, ()) if part in found]
        wrong = [part for part in parts if found[part].status != "correct"]
        if feedback.status == "wrong" and wrong:
            feedback = _waits(name, parts, wrong, feedback)
        elif parts and "reverse" in str(feedback.mistake).split("|") and _calls(functions, name, parts):
            feedback = _reversed(feedback)
        found[name] = feedback
    return Feedbacks({name: found[name] for name in functions})


def _waits(name, parts, wrong, feedback):
    """What is said of a function that is made of parts that are not right yet."""
    text = f"`{name}` is made of {in_list(parts)}, and {are(wrong)} not right yet. Look there first; what follows "
    return Feedback(feedback.status, f"{text}from it is checked when it is.", "follows", printed=feedback.printed)


def _calls(functions, name, parts):
    """Whether a function calls the ones that it is made of."""
    called = getattr(getattr(functions[name], "__code__", None), "co_names", ())
    return all(getattr(functions[part], "__name__", "") in called for part in parts)


def _reversed(feedback):
    """A difference that points down, of steps that are called and right: no bracket and no minus of theirs is lost."""
    text = "The steps are right, and they were subtracted in the reverse order."
    return Feedback(feedback.status, text, "reverse", printed=feedback.printed)
