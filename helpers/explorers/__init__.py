"""Interactive pictures for the notebooks: `from helpers import explorers`, then one call each, last in a cell.

An explorer is a folder: its description (`__init__.py`), its picture on paper (there, or in a file of its own where it is
long) and its panels in the browser (JavaScript) lie side by side. One that needs no panels but those of `core` is a file.
`core` holds what all share; `core/kinds.js` lists every kind of panel, and `KINDS` of `core/paper.py` what draws it on paper.
"""

from helpers.explorers.backprop import backprop
from helpers.explorers.bumps import bump, bump_challenge, sampling, step
from helpers.explorers.depends_on_b2 import depends_on_b2
from helpers.explorers.digit import draw_digit
from helpers.explorers.epoch_by_epoch import training
from helpers.explorers.fit import fit
from helpers.explorers.graph import graph
from helpers.explorers.hidden_units import hidden_units
from helpers.explorers.initialisation import initialisation
from helpers.explorers.learning_rate import learning_rate
from helpers.explorers.tangent import tangent
from helpers.explorers.towers import many_towers, tower, tower_challenge, tower_panels
from helpers.explorers.your_function import curve_of, surface_of

__all__ = [
    "backprop",
    "bump",
    "bump_challenge",
    "curve_of",
    "depends_on_b2",
    "draw_digit",
    "fit",
    "graph",
    "hidden_units",
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
