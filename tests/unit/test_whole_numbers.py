"""Sliders of whole numbers lose none, whatever front end shows them: without a browser, at every change."""

import ipywidgets
import pytest

from helpers import explorers
from helpers.explorers.core.explorer import Parameter, WholeSlider
from tests import colab_sliders
from tests.browser import every_explorer as every


def test_the_formula_is_that_of_colab():
    """Numbers that an IntSlider was seen to lose in Colab's widget manager."""
    assert colab_sliders.lost(1, 30) == [6, 10, 11, 16, 19, 20, 21, 26]
    assert colab_sliders.lost(1, 10) == [4, 7]
    assert colab_sliders.lost(11, 2001) == [650, 1289]
    assert len(colab_sliders.lost(5, 200)) == 92
    ranges = [high for high in range(1, 61) if colab_sliders.lost(0, high)]
    assert ranges == [9, 18, 21, 23, 29, 31, 33, 36, 37, 41, 42, 46, 47, 51, 53, 54, 55, 57, 58, 59]


def survives(slider, value) -> bool:
    """Whether Python still holds `value` after Colab has shown it: what comes back from the page is set here."""
    slider.value = colab_sliders.comes_back(slider, value)
    return slider.value == value


def refused(slider) -> list[int]:
    values = range(int(slider.min), int(slider.max) + 1, int(slider.step))
    return [value for value in values if not survives(slider, value)]


def test_an_int_slider_would_be_refused():
    assert refused(ipywidgets.IntSlider(min=1, max=10)) == [4, 7]


@pytest.mark.parametrize("high", [*range(1, 61), 195, 300, 1990])
@pytest.mark.parametrize("low", [0, 1, -7])
def test_no_range_loses_a_number(low, high):
    slider = Parameter("n", low, low + high, low, 1, "a count").slider()
    assert refused(slider) == []
    assert isinstance(slider, ipywidgets.FloatSlider) and slider.readout_format == "d"


@pytest.fixture(scope="module")
def every_one():
    """Every explorer by name, as the browser tests show it."""
    names = {}
    exec(every.SETUP.replace("notebook.ready()", ""), names)
    return {name: eval(every.call(name), names) for name in every.NAMES}


@pytest.mark.parametrize("name", every.NAMES)
def test_no_slider_of_an_explorer_loses_a_number(every_one, name):
    explorer = every_one[name]
    for parameter in explorer.parameters:
        slider = explorer.sliders[parameter.name]
        assert not isinstance(slider, ipywidgets.IntSlider)
        if isinstance(slider, WholeSlider):
            assert refused(slider) == []
            explorer.reset()
            assert explorer.values[parameter.name] == parameter.start
            assert isinstance(explorer.values[parameter.name], int)


def test_what_is_typed_between_two_numbers_is_rounded():
    explorer = explorers.many_towers()
    explorer.sliders["n"].value = 6.6
    assert explorer.values["n"] == 7 and isinstance(explorer.values["n"], int)
    explorer.sliders["n"].value = 99
    assert explorer.values["n"] == 10
