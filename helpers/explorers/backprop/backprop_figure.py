"""The table of one update in matplotlib."""

from __future__ import annotations

from helpers.explorers.core.lines import write
from helpers.formulas import browser as formula
from helpers.pictures import figures


def draw_table(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer: the table, and the note below it."""
    variables = explorer.variables()
    step, decimals = round(variables[panel["step"]]), round(variables[panel["decimals"]])
    shown = [k for k, column in enumerate(panel["columns"]) if formula.evaluate(column.get("when", 1), variables)]
    rows = len(panel["rows"])
    ax.set(xlim=(0, 1), ylim=(rows + 1.6, -0.9))
    ax.axis("off")
    right = [0.02 if k == 0 else 0.02 + 0.16 * k for k in range(len(shown))]  # the first column is set to the left
    for place, k in zip(right, shown, strict=True):
        title = panel["columns"][k]["title"]
        ax.text(place, -0.1, title, ha="right" if k else "left", va="center", fontsize=8, weight="bold")
    ax.plot([0.02, right[-1]], [0.45, 0.45], color="black", linewidth=0.9)
    for i, row in enumerate(panel["rows"]):
        for place, k in zip(right, shown, strict=True):
            cell = row["cells"][k]
            if step >= cell["from"]:
                text = figures.raised(write(cell["parts"], variables, decimals))
                ax.text(place, i + 1, text, ha="right" if k else "left", va="center", fontsize=8)
    ax.text(0.02, rows + 1.15, explorer.say(panel["notes"], variables), va="center", fontsize=8)
