"""The exercises of notebook 06, all ten digits of MNIST: task 003.2, problem 3.

In the notebook: `from helpers.assignments import mnist_multiclass`, then
`mnist_multiclass.slope.check(my_slope)`.
"""

from helpers.assignments.mnist_class_scores import averages, macro_f1, per_class
from helpers.assignments.mnist_cross_entropy import cross_entropy, one_hot
from helpers.assignments.mnist_softmax import slope, softmax

questions = [softmax, one_hot, cross_entropy, slope, per_class, macro_f1, averages]
