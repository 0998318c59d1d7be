"""Errors that a student may meet: one line that says what to do, and no traceback through our code."""


class InputError(ValueError):
    """A value that cannot be used. IPython shows its message alone, without the traceback."""

    def _render_traceback_(self):
        return [f"⚠ {self}"]
