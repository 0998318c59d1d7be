"""The exercises of notebook 05, two digits of MNIST: task 003.2, problem 2.

In the notebook: `from helpers.assignments import mnist_binary`, then `mnist_binary.cost.check(my_cost)`.
"""

from helpers.assignments.mnist_binary_cost import cost, slope
from helpers.assignments.mnist_claims import conclusions
from helpers.assignments.mnist_layers import layer, layer_backward
from helpers.assignments.mnist_preparation import plan, prepare
from helpers.assignments.mnist_scores import accuracy, check_scores, f1, precision, recall, standard_error

__all__ = ["check_scores", "questions"]

questions = [
    prepare,
    layer,
    cost,
    slope,
    layer_backward,
    plan,
    accuracy,
    precision,
    recall,
    f1,
    standard_error,
    conclusions,
]
