"""A bar for work that takes seconds: in a notebook one output that is rewritten, in a terminal one line.

What remains in a stored notebook is a single line of text, the one given to `finish`, or nothing. Where nobody watches,
as in a script whose output goes to a file, that line is all there is.
"""

import html
import sys
import time

from helpers.notebook import in_notebook

_SECONDS_BETWEEN = 0.15  # more pictures than this cannot be read, and every one is a message to the browser
_WIDTH = 20


class ProgressBar:
    """Call `update` as often as you like, then `finish` once. show=False: nothing appears at all."""

    def __init__(self, show=True):
        self._write = _writer() if show else None
        self._next = 0.0

    def due(self):
        """Return whether `update` would be shown now, for callers to whom the text itself costs time."""
        return self._write is not None and time.monotonic() >= self._next

    def update(self, done, text):
        """Show the share of the work that is done, from 0 to 1, and one line of text."""
        if self.due():
            self._write(done, text)
            self._next = time.monotonic() + _SECONDS_BETWEEN

    def finish(self, text=""):
        """Leave this line in place of the bar, or nothing."""
        if self._write is not None:
            self._write(None, text)


def _writer():
    """Return the function (done, text) that shows a bar here; done = None asks for the last line."""
    if in_notebook():
        return _notebook_writer()
    return _terminal_writer(sys.stdout)


def _notebook_writer():
    from IPython.display import display

    handle = None

    def write(done, text):
        nonlocal handle
        if handle is None and not text:
            return  # there is nothing to take away
        words = html.escape(text)
        bar = ""
        if done is not None:
            bar = f'<progress value="{done:.3f}" max="1" aria-label="{words}" style="width: 12em"></progress> '
        # Digits of one width: the text does not tremble while it counts.
        shown = f'<div style="font-variant-numeric: tabular-nums">{bar}{words}</div>'
        bundle = {"text/plain": text, "text/html": shown}
        if handle is None:
            handle = display(bundle, raw=True, display_id=True)
        else:
            handle.update(bundle, raw=True)

    return write


def _terminal_writer(stream):
    longest = 0

    def write(done, text):
        nonlocal longest
        if done is None:
            stream.write("\r" * bool(longest) + text.ljust(longest) + ("\n" if text else "\r" * bool(longest)))
        elif stream.isatty():
            filled = round(_WIDTH * done)
            line = f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {text}"
            stream.write("\r" + line.ljust(longest))
            longest = max(longest, len(line))
        stream.flush()

    return write


def with_bar(items, text):
    """Go through a list or a range, one item after the other, with a bar that says `text`.

        for step in with_bar(range(100_000), "100,000 steps"):

    Raises TypeError for something without a length.
    """
    count, bar = len(items), ProgressBar()
    for done, item in enumerate(items):
        if bar.due():
            bar.update(done / count, f"{text}: {done:,} of {count:,}")
        yield item
    bar.finish(f"{text}: done.")
