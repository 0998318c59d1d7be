"""What the setup cell of every notebook calls once, and whether a notebook is what shows the output."""

import sys

from helpers import __version__

# JupyterLab writes "Error displaying widget: model not found" where a notebook was reopened and its cells have
# not run yet. The static picture of each explorer stands right above, so that line helps nobody.
_STYLE = "<style>.jp-OutputArea-output.jupyter-widgets:not(:has(*)) { display: none; }</style>"


def ready() -> None:
    """Say that the course's package was found, and hide what JupyterLab says of widgets without a kernel.

    Where Python runs in the browser, say where the work is kept.
    """
    from IPython.display import HTML, display  # not at the top: a machine that is only being examined may lack it

    display(HTML(_STYLE))
    print(f"Ready: helpers {__version__}.")
    if sys.platform == "emscripten":
        print("Your work is kept in this browser only. To keep a copy: File > Download.")


def in_notebook() -> bool:
    """Whether a notebook shows what is displayed; IPython in a terminal is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and getattr(shell, "kernel", None) is not None
