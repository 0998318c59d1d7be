"""Interactive pictures for the notebooks: `from helpers import explorers`, then one call each, last in a cell."""

from helpers.explorers.backprop import backprop
from helpers.explorers.challenges import bump_challenge, many_towers, tower_challenge
from helpers.explorers.depends import depends_on_b2
from helpers.explorers.drawn_digit import draw_digit
from helpers.explorers.fit import fit
from helpers.explorers.graphs import graph
from helpers.explorers.initial import initialisation
from helpers.explorers.learning_rates import learning_rate
from helpers.explorers.steps import bump, sampling, step
from helpers.explorers.student import curve_of, surface_of
from helpers.explorers.surfaces import tower, tower_panels
from helpers.explorers.tangent import tangent
from helpers.explorers.trainings import training

__all__ = [
    "backprop",
    "bump",
    "bump_challenge",
    "curve_of",
    "depends_on_b2",
    "draw_digit",
    "fit",
    "graph",
    "initialisation",
    "learning_rate",
    "many_towers",
    "sampling",
    "step",
    "surface_of",
    "tangent",
    "tower",
    "tower_challenge",
    "tower_panels",
    "training",
]
