"""A widget that says whether widgets work: it says so where it is drawn, and its text where it is not."""

import anywidget
import traitlets
from IPython.display import display

WORKS = "✓ Widgets work here: this line was drawn by one."
FAILS = (
    "✗ Widgets do not work here. → Reload the page and run this cell again; in JupyterLab or Notebook, "
    "python -m pip install --upgrade ipywidgets jupyterlab_widgets anywidget, then restart it; in VS Code, install "
    "the Jupyter extension."
)


class Trial(anywidget.AnyWidget):
    """Writes one line, and tells Python that it did: `drawn` becomes True."""

    _esm = """
    function render({ model, el }) {
        el.textContent = model.get("works");
        model.set("drawn", true);
        model.save_changes();
    }
    export default { render };
    """
    works = traitlets.Unicode(WORKS).tag(sync=True)
    drawn = traitlets.Bool(False).tag(sync=True)


def show() -> Trial:
    """Display the widget; a page that has no widgets shows the text in its place, which is the advice."""
    trial = Trial()
    view = {"version_major": 2, "version_minor": 0, "model_id": trial.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": FAILS}, raw=True)
    return trial
