"""The course's own package: explorers, checkers, data and training loops for the seven notebooks.

Importing `helpers` alone imports nothing else, so that `python3 -m helpers open` runs on a machine that has
only Python. Import the part that you need: `from helpers import explorers`.
"""

__version__ = "0.1.0"
