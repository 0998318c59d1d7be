"""The list of what is solved, attempted and open; `helpers.check_log` remembers it.

    from helpers import progress
    progress.show("derivatives")      # a bar and a list with links to the exercises

What stands on a side path of a notebook has a list of its own. It counts what was checked since the kernel started, so
that it tells of this notebook and not of who ran another copy of it before. What this computer remembers beyond that
stands apart. It is made of text and HTML, so that it is read without a kernel too.
"""

import html

from helpers import check_log
from helpers.assignments import notebooks
from helpers.check_log import OPEN, SOLVED

_MARK, _NAME = "○…✓", ("open", "attempted", "solved")  # of the states of helpers.check_log
_APART = "Not counted above, remembered on this computer from earlier runs of this notebook, or of a copy"


def show(notebook=None):
    """The progress in one notebook ("derivatives", "chain_rule", …, or the module itself), or in all of them,
    as a picture of text and HTML: a bar, and a list that links to the exercises."""
    name = getattr(notebook, "__name__", notebook)
    chosen = notebooks
    if name is not None:
        name = str(name).rsplit(".", 1)[-1].lstrip("0123456789_")
        chosen = {key: module for key, module in notebooks.items() if key == name}
        if not chosen:
            raise ValueError(f"there is no notebook {name!r}; the notebooks are {', '.join(notebooks)}")
    tasks = {
        key: [task for exercise in getattr(module, "exercises", module.questions) for task in exercise.tasks]
        for key, module in chosen.items()
    }
    return Overview(tasks, check_log.this_kernel, check_log.earlier())


class Overview:
    """The list, in text and HTML for display: of each notebook what is solved, attempted and open in this kernel, the core
    first and then what is optional, and apart from that, the tasks of which more is remembered."""

    def __init__(self, tasks, known, earlier):
        self.parts = []  # heading, pairs of a task and its state, how many of them count as solved
        for name, group in tasks.items():
            name = name.replace("_", " ")
            for optional, path in ((False, name), (True, f"{name}, optional")):
                now = [(task, known.get(task.key, OPEN)) for task in group if task.optional == optional]
                if now:
                    left, attempted, solved = _counts(now)
                    words = f"{solved} of {len(now)} solved, {attempted} attempted, {left} open"
                    self.parts.append((f"{path}, since the kernel started: {words}", now, solved))
            apart = [(task, earlier[task.key]) for task in group if task.key in earlier]
            if apart:
                self.parts.append((f"{_APART}: {_counts(apart)[SOLVED]} solved", apart, None))

    def __repr__(self):
        lines = []
        for heading, pairs, _ in self.parts:
            lines += [heading, *(f"  {_MARK[state]} {task.title} ({_NAME[state]})" for task, state in pairs)]
        return "\n".join(lines)

    def _repr_html_(self):
        parts = []
        for heading, pairs, solved in self.parts:
            items = "".join(
                f'<li style="list-style: none"><span aria-hidden="true">{_MARK[state]}</span> '
                f'<a href="{html.escape(task.anchor)}" style="text-decoration: underline">{html.escape(task.title)}</a> '
                f"({_NAME[state]})</li>"
                for task, state in pairs
            )
            shown = f'<ul style="padding-left: 1em">{items}</ul>'
            if solved is None:
                parts.append(f"<details><summary>{heading}</summary>{shown}</details>")
            else:
                parts.append(
                    f'<p style="color: inherit">{heading}<br><progress value="{solved}" max="{len(pairs)}" '
                    f'aria-label="{heading}" style="width: 20em"></progress></p>{shown}'
                )
        return f'<div role="group" aria-label="Your progress">{"".join(parts)}</div>'


def _counts(pairs):
    states = [state for _, state in pairs]
    return [states.count(state) for state in range(len(_NAME))]
