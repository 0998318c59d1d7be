"""The content of the course: one module per notebook, each a list of Questions.

    from helpers.assignments import derivatives       # in a notebook: derivatives.dL_dw.check(my_dL_dw)
    from helpers.assignments import questions         # for tests: task key -> Question

To add an exercise, write it into its notebook's module and into that module's list `questions`; to add a
notebook, write a module and name it here. `python -m pytest tests/content` then tells what is missing or
wrong. `points.generic` draws the points at which its answers are compared.
"""

from helpers.assignments import (
    backprop_by_hand,
    bump_plots,
    chain_rule,
    derivatives,
    mnist_binary,
    mnist_multiclass,
    regression,
)

notebooks = {
    "derivatives": derivatives,
    "chain_rule": chain_rule,
    "bump_plots": bump_plots,
    "backprop_by_hand": backprop_by_hand,
    "mnist_binary": mnist_binary,
    "mnist_multiclass": mnist_multiclass,
    "regression": regression,
}
questions = {question.key: question for module in notebooks.values() for question in module.questions}

__all__ = [
    "backprop_by_hand",
    "bump_plots",
    "chain_rule",
    "derivatives",
    "mnist_binary",
    "mnist_multiclass",
    "notebooks",
    "questions",
    "regression",
]
