"""One cell for each explorer, and a pass through it with the keyboard alone: for each front end."""

import functools
import inspect

import numpy as np

from helpers import explorers
from tests.browser import lab

#: What the explorers of digits show.
_TRAINED = """
from helpers.datasets import load_mnist
from helpers.networks.network import Network
from helpers.networks.training import train
digits = load_mnist(quiet=True)
x, y = digits.x_train[:500], digits.y_train[:500]
network = Network.dense([784, 12, 10], dtype=np.float32)
history = train(network, x, y, "categorical_cross_entropy", epochs=3, validation=0.1, snapshots=1, progress=False)"""
SETUP = lab.SETUP + _TRAINED

#: How to call the explorers that cannot be called without arguments.
CALLS = {
    "bump_challenge": "explorers.bump_challenge(5)",
    "curve_of": "explorers.curve_of(lambda x, k: k * x, x=(-1, 1), y=(-2, 2), k=(-2, 2, 0.5, 0.1))",
    "draw_digit": "explorers.draw_digit(network, x)",
    "graph": "explorers.graph('000.1b')",
    "hidden_units": "explorers.hidden_units({name: [([[k, 1], [2, -k]], [1, 1], [[1, 1]], [1]) for k in order] "
    "for name, order in (('growing', range(4)), ('shrinking', range(3, -1, -1)))}, [[0, 1], [1, 0]], [0, 1])",
    "surface_of": "explorers.surface_of(lambda x1, x2, k: np.exp(-k * (x1**2 + x2**2)), k=(0, 2, 0.5, 0.1))",
    "training": "explorers.training(history, network, x, y)",
}

NAMES = list(explorers.__all__)

#: Other states of them that the notebooks show: with longer words, more numbers, more panels.
STATES = {
    "tangent w": "explorers.tangent('-log(sigmoid((1 + tanh(2*w - 0.3))/2))', variable='w', x=(-3, 3))",
    "tangent ρ": "explorers.tangent('0.5*rho*log(rho/(rho + 0.2)) + 0.1*log(0.2/(rho + 0.2))', variable='rho', x=(0.02, 2))",
    "tangent student": "explorers.tangent('softplus', student=np.tanh)",
    "graph trees": "explorers.graph('000.2')",
    "graph network": "explorers.graph('network')",
    "backprop logistic": "explorers.backprop('003.1a')",
    "backprop 2-2-2": "explorers.backprop('2-2-2', step='all')",
    "bump_challenge 20": "explorers.bump_challenge(20, seed=None)",
    "fit 30": "explorers.fit(k=30, n=15, noise=0.2, optimiser='Adam', rate=0.05, epochs=300, compare=None)",
}

#: Sliders that a picture may show only in its last step: the others are tried first.
LATE = ("decimals", "eta")

#: Of ipywidgets: what moves a parameter, and which of them has the focus.
_CONTROLS = f":is({lab.HANDLE}, .nn-sliders select)"
_FOCUS = f"""() => {{
    const now = document.activeElement;
    return now.matches("{_CONTROLS}") ? "control" : now.tagName === "BUTTON" ? now.textContent : now.tagName;
}}"""


def call(name: str) -> str:
    """The cell that shows the explorer `name`. Fails for one that needs arguments and is not in CALLS."""
    if name not in CALLS:
        inspect.signature(getattr(explorers, name)).bind()
    return CALLS.get(name, f"explorers.{name}()")


@functools.cache
def _known() -> dict:
    known = {"np": np, "explorers": explorers}
    exec(_TRAINED, known)
    return known


def made(name: str):
    """A new explorer, one of NAMES or STATES, in this process."""
    return eval(STATES.get(name) or call(name), _known())


def cells() -> list[str]:
    return [SETUP, *map(call, NAMES)]


def with_the_keyboard_alone(explorer):
    """From the first slider or menu: move it, reach every other one, the picture and Reset, press it, and leave."""
    keyboard, root = explorer.page.keyboard, explorer.root
    first = settings(explorer)
    unfold = root.locator(".nn-unfold")
    if unfold.count():
        unfold.focus()
        keyboard.press("Enter")
    name, control = first_control(explorer)
    control.focus()
    before = names_of_controls(explorer).index(name)
    # To the right, or to the left where the slider stands at its right end. A menu goes down.
    there, back = (
        ("ArrowDown", "ArrowUp") if control.evaluate("it => it.tagName") == "SELECT" else ("ArrowRight", "ArrowLeft")
    )
    keyboard.press(there)
    keyboard.press(there)
    explorer.page.wait_for_timeout(100)
    if settings(explorer) == first:
        keyboard.press(back)
    wait_until(explorer, lambda: settings(explorer) != first)
    changed = [key for key, value in settings(explorer).items() if value != first[key]]
    moved = [key for key in changed if explorer.slider(key).count()]  # results may be shown as well
    assert len(moved) == 1, moved

    reached = []
    for _ in range(120):
        keyboard.press("Tab")
        if not root.evaluate("root => root.contains(document.activeElement)"):
            break
        reached.append(root.evaluate(_FOCUS))
    else:
        raise AssertionError(f"the Tab key never leaves it: {reached}")
    assert reached.count("control") == root.locator(_CONTROLS).count() - 1 - before
    assert "CANVAS" in reached and "Reset" in reached

    root.get_by_role("button", name="Reset").focus()
    keyboard.press("Enter")
    wait_until(explorer, lambda: settings(explorer) == first)


def first_control(explorer):
    """The parameter of the first slider or menu whose number is seen at once, and what moves it."""
    named = list(zip(names_of_controls(explorer), explorer.root.locator(_CONTROLS).all(), strict=True))
    return next((each for each in named if each[0] not in LATE), named[0])


def names_of_controls(explorer) -> list[str]:
    """The parameter of each slider and menu, in their order."""
    of = "all => all.map((it) => it.closest('[class*=nn-slider-]').className.match(/nn-slider-(\\w+)/)[1])"
    return explorer.root.locator(_CONTROLS).evaluate_all(of)


def seen(explorer) -> tuple:
    """What is seen of a picture: its canvas, and the numbers of a network or a graph, which are HTML on it."""
    return explorer.drawn(), explorer.root.locator(".nn-handles").text_content()


def settings(explorer) -> dict:
    """What the picture shows; how often something was drawn is not part of it."""
    return {key: value for key, value in explorer.shown().items() if key != "drawing"}


def wait_until(explorer, holds, tries: int = 100):
    for _ in range(tries):
        if holds():
            return
        explorer.page.wait_for_timeout(50)
    raise AssertionError(f"still {explorer.shown()}")
