"""The exercises of notebook 04, backpropagation by hand: tasks 002.1 and 003.1."""

from helpers.assignments.linear_by_hand import forward_backward, learning_rate
from helpers.assignments.logistic_by_hand import all_ones, mixed_start
from helpers.assignments.matrix_form import gradient_check, matrix_form
from helpers.assignments.statements_by_hand import initialisation, validation

questions = [
    forward_backward,
    learning_rate,
    validation,
    all_ones,
    mixed_start,
    initialisation,
    matrix_form,
    gradient_check,
]
