"""The exercises of notebook 04, backpropagation by hand: tasks 002.1 and 003.1."""

from helpers.assignments.linear_by_hand import forward_backward, learning_rate
from helpers.assignments.logistic_by_hand import all_ones, mixed_start
from helpers.assignments.matrix_form import gradient_check, matrix_form, train
from helpers.exercises.statements import Statement, StatementQuestion

# ---------------------------------------------------------------------------------------------- validation


validation = StatementQuestion(
    "002.1e",
    "Training, validation and test data",
    "A student trains several networks and wants to know which one to use and how good it will be on new "
    "data. Accept or reject each statement, and choose the reason that decides it.",
    (
        Statement(
            "The data are split before training, because a score on data that took part in training "
            "says little about new data.",
            True,
            "seen",
            "no_split",
            "Training and measuring on the same data is taken for enough: a network can know its "
            "training data by heart.",
            "A network that has learnt its examples by heart is perfect on them and may be useless otherwise.",
        ),
        Statement(
            "Of several trained networks, the one with the best score on the test set should be "
            "chosen, and that score reported as its quality.",
            False,
            "chosen",
            "select_on_test",
            "The test set is used for choosing here: the best of many scores is partly luck, so it is "
            "too good afterwards.",
            "Choose on validation data (or by cross-validation). Of 20 networks that only guess "
            "between two classes, the best is expected to get more than 58 of 100 test examples right.",
            also=("third",),
        ),
        Statement(
            "A poor score on the test set shows that the network has overfitted.",
            False,
            "compare",
            "poor_test_means_overfit",
            "A poor test score alone is read as overfitting: what would the score on the training data have to be?",
            "If the training score is poor as well, the network underfits; other data or a leak "
            "between the sets are possible too.",
        ),
        Statement(
            "A training set and a test set are enough, also for finding the number of hidden neurons "
            "and the learning rate.",
            False,
            "third",
            "no_validation",
            "Something is missing on which to compare settings: each of the two sets already has another job.",
            "Settings are compared on a third part, the validation set, or by cross-validation within "
            "the training data; the test set is used once, at the end.",
            also=("chosen",),
        ),
        Statement(
            "The number of hidden neurons is best set to the value with the lowest cost on the training data.",
            False,
            "capacity",
            "tune_on_train",
            "The training data are used to choose the size of the network: which size will they always prefer?",
            "More neurons can always fit the training data at least as well, so the training cost "
            "prefers the largest network, whether it generalises or not.",
            also=("seen", "third"),
        ),
        Statement(
            "A much better score on the training data than on the validation data is a sign of overfitting.",
            True,
            "compare",
            "gap_ignored",
            "The gap between the two scores is taken to mean nothing: it is the very thing by which overfitting shows.",
            "Overfitting means that what was learnt does not carry over: good on the training data, worse on others.",
            also=("seen",),
        ),
    ),
    {
        "capacity": "A larger network fits the data that it is trained on at least as well.",
        "third": "Settings have to be compared on data of their own, used neither for training nor for the "
        "final score.",
        "seen": "A network can learn its own examples by heart.",
        "compare": "Only a comparison with the training score can tell.",
        "size": "The more examples there are, the better every score is.",
        "chosen": "The best of several scores is too good an estimate on the data on which it was the best.",
        "random": "Initial weights are random, so scores cannot be compared.",
    },
    hints=(
        "Ask of every set of data: what has been decided with it? After that it can no longer judge the decision.",
        "There are three jobs: setting the weights, choosing between settings, and measuring once at the end.",
    ),
    optional=True,
)

# ------------------------------------------------------------------------------------------ initialisation


initialisation = StatementQuestion(
    "003.1.text",
    "Where the small steps come from",
    "Both networks have just taken one step: the one whose parameters were all 1, and the one with the mixed "
    "start. Accept or reject each statement, and choose the reason that decides it.",
    (
        Statement(
            "The steps from all ones are so small because parameters of 1 make gradients vanish.",
            False,
            "near",
            "vanishing_because_of_ones",
            "The ones are blamed for the small gradients; look at the factors of the output's δ, and "
            "at what it would be for another target.",
            "The prediction 0.974 is already close to the target 1, and the output neuron is nearly "
            "saturated. With the target 0 the same ones give gradients 38 times as large.",
        ),
        Statement(
            "From all ones, the three hidden neurons stay equal to each other however long one trains.",
            True,
            "both",
            "symmetry_missed",
            "Equal neurons are expected to drift apart: what could make their gradients differ?",
            "They have the same incoming and outgoing weights, hence the same gradients, hence the "
            "same weights after every step.",
            also=("zeros",),
        ),
        Statement(
            "Starting from zeros instead of ones keeps the hidden neurons from staying equal.",
            False,
            "zeros",
            "zero_init_fine",
            "Zeros are taken for a good start: work out the first step of the hidden weights, and how "
            "the hidden neurons differ after it.",
            "With outgoing weights of 0 the hidden gradients are exactly 0 in the first step, and the "
            "hidden neurons are just as equal as with ones.",
            also=("both", "outgoing"),
        ),
        Statement(
            "In the mixed start the three hidden neurons have equal incoming weights, so they stay equal for ever.",
            False,
            "outgoing",
            "incoming_alone",
            "Equal incoming weights alone are taken for symmetry: what else enters the gradient of a hidden neuron?",
            "Their outgoing weights are 1, −1 and 0. After one step w1 is 0.5027 and w3 is 0.4973.",
            also=("both",),
        ),
        Statement(
            "The second input is 0, so the weights w2, w4 and w6 can never matter.",
            False,
            "input",
            "x2_never_matters",
            "One example with an input of 0 is taken for all examples: what happens when another one comes?",
            "Their gradients contain the input, which is 0 in this example only. With another example they learn.",
        ),
        Statement(
            "In the mixed start w5, w6 and b3 do not move in the first step, because w9 is 0.",
            True,
            "outgoing",
            "w9_overlooked",
            "The weight between the third hidden neuron and the output is overlooked: it is a factor "
            "of that neuron's δ (delta, the gradient at its pre-activation).",
            "The δ of hidden neuron 3 contains w9. It is 0, so nothing goes back through it.",
        ),
        Statement(
            "As w5 has the gradient 0, w9 has it too, so the third hidden neuron never learns.",
            False,
            "activation",
            "w9_never_learns",
            "A zero gradient of w5 is carried over to w9: its own gradient has other factors.",
            "The gradient of w9 is the output's δ times a3, which is not 0. After the step w9 is "
            "0.0076, and from then on w5 moves as well.",
        ),
    ),
    {
        "input": "The gradient of a weight contains the input that it is multiplied with, and that changes "
        "from example to example.",
        "both": "Neurons with equal incoming and equal outgoing weights get equal gradients.",
        "depth": "δ (delta, the gradient at the pre-activation) shrinks with every layer on its way back.",
        "activation": "The gradient of a weight to the output contains the activation of the hidden neuron, "
        "not its weights.",
        "near": "The factors y − ŷ and ŷ(1 − ŷ) are small: the prediction is close to the target, and the "
        "output is saturated.",
        "outgoing": "A hidden neuron's δ contains its weight to the output.",
        "zeros": "With equal numbers in all places nothing tells the hidden neurons apart, whichever number it is.",
        "rate": "A larger learning rate would make up for it.",
    },
    hints=(
        "Write down the gradient of one weight of each layer as a product, and look at each factor.",
        "Two neurons stay equal if everything that enters their gradients is equal: what comes in and what goes out.",
        "Work out the second step as well, for the weights in question.",
    ),
    optional=True,
)

questions = [
    forward_backward,
    all_ones,
    matrix_form,
    train,
    learning_rate,
    mixed_start,
    gradient_check,
    initialisation,
    validation,
]
