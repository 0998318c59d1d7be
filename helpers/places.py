"""Where the code runs: in a notebook, or anywhere else."""

import sys


def in_notebook() -> bool:
    """Return whether a notebook shows what is displayed; IPython in a terminal is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and getattr(shell, "kernel", None) is not None
