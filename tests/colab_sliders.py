"""What Colab's widget manager makes of the number of a slider by showing it.

It is made with @jupyter-widgets/controls 4.0.0-alpha.3: noUiSlider turns a number into a percentage of its track and back,
and the view of an IntSlider cuts off the decimals of what comes back; later versions round.
"""

import math

import ipywidgets


def _back(low, high, step, value) -> float:
    if value >= high:
        return high  # 100 % is not rounded to a step
    share = 100 * step / (high - low)
    return math.floor((value - low) * 100 / (high - low) / share + 0.5) * share * (high - low) / 100 + low


def comes_back(slider, value) -> float:
    """The number that Python is sent back when this slider of ipywidgets is shown with `value`."""
    back = _back(slider.min, slider.max, slider.step, value)
    return math.floor(back) if isinstance(slider, ipywidgets.IntSlider) else back


def lost(low: int, high: int, step: int = 1) -> list[int]:
    """The numbers that an IntSlider from `low` to `high` makes one less."""
    return [value for value in range(low, high + 1, step) if math.floor(_back(low, high, step, value)) != value]
