"""Computation graphs: every gradient against SymPy, the steps, where nodes and edges stand, bad input."""

import itertools

import numpy as np
import pytest
import sympy
from matplotlib.colors import to_hex

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers.graph import EXPRESSIONS
from helpers.explorers.graph.layered_layout import layered
from helpers.explorers.graph.operations import operations
from helpers.explorers.graph.places import on_canvas
from helpers.pictures import figures
from tests import front

MORE = {
    "shared": {"u": "x*y + 1", "v": "exp(u) + u**2", "f": "v/u - u"},
    "square": {"f": "x*x + 1/x"},
    "many": {"f": "sqrt(x**2 + y**2 + z**2)*softplus(x - y)*cos(z)/(1 + exp(-x))"},
    "twice": {"f": "sin(x)*sin(x) + sin(x)"},
}
ALL = {name: steps for name, (steps, _) in EXPRESSIONS.items()} | MORE


def symbolic(steps):
    """The result as a SymPy expression of the inputs."""
    names = {"sigmoid": lambda t: 1 / (1 + sympy.exp(-t)), "softplus": lambda t: sympy.log(1 + sympy.exp(t)),
             **{letter: sympy.Symbol(letter) for letter in "abcdfpqstuvwxyzE"}}  # fmt: skip
    known = {}
    for name, source in steps.items():
        known[name] = sympy.sympify(source, locals=names).subs(known)
    return known[name]


def graph(name):
    return explorers.graph(name if name in EXPRESSIONS else MORE[name])


def gradients_of(explorer) -> dict:
    """The derivative of the result with respect to each input, at the present values."""
    variables = explorer.variables()
    nodes = explorer.spec["panels"][0]["nodes"]
    return {node["name"]: float(variables[node["below"]]) for node in nodes if node["name"] in explorer.sliders}


@pytest.mark.parametrize("name", ALL)
def test_every_gradient_agrees_with_sympy(name):
    true, explorer, random = symbolic(ALL[name]), graph(name), np.random.default_rng(1)
    names = [name for name in explorer.sliders if name != "step"]
    assert set(names) == {str(symbol) for symbol in true.free_symbols}
    for _ in range(3):
        setting = {name: round(float(random.uniform(0.2, 1.9)), 1) for name in names}
        front.move(explorer, setting)
        exact = {key: sympy.Float(value, 30) for key, value in setting.items()}
        for key, value in gradients_of(explorer).items():
            assert value == pytest.approx(float(true.diff(key).subs(exact)), rel=1e-12, abs=1e-14)
        result = len(explorer.spec["panels"][0]["nodes"]) - 1
        assert float(explorer.variables()[f"value_{result}"]) == pytest.approx(float(true.subs(exact)), rel=1e-12)


def test_what_occurs_twice_is_one_node():
    nodes = operations(MORE["twice"])
    assert [node.label for node in nodes] == ["x", "sin", "□·□", "+"]
    assert nodes[1].consumers == [2, 3]
    (shared,) = (node for node in operations(MORE["shared"]) if node.name == "u")
    assert len(shared.consumers) == 4  # exp(u), u², v/u, … − u


def test_constants_join_the_operation():
    labels = [node.label for node in operations(EXPRESSIONS["loss"][0]) if node.local is not None]
    assert labels == ["×", "+", "tanh", "(1 + □)/2", "σ", "−log", "×"]


def test_the_steps_show_values_forward_and_then_gradients():
    explorer = explorers.graph("001", step=0)
    panel = explorer.spec["panels"][0]
    operations_ = [node for node in panel["nodes"] if node["name"] not in explorer.sliders]
    assert explorer.parameters[-1].high == 2 * len(operations_) + 1
    stages = sorted(stage for node in operations_ for stage in node["now"]) + [len(operations_) + 1]
    assert sorted(stages) == list(range(1, explorer.parameters[-1].high + 1))
    words = []
    for step in range(explorer.parameters[-1].high + 1):
        front.move(explorer, {"step": step})
        words.append(explorer.describe())
    assert len(set(words)) == len(words)
    assert "forward: z₁ = w₁·x + b₁ = 1" in words[2]
    assert "the backward pass begins: ∂ŷ/∂ŷ = 1" in words[7]
    assert "ŷ = σ(z₂): upstream gradient 1; to z₂: local σ(z₂)·(1 − σ(z₂)) = 0.2413, downstream 0.2413." in words[8]
    for each in panel["nodes"]:
        consumers = [edge for edge in panel["edges"] if edge["path"][0] == each["place"] and edge["ends"]]
        if each["below"] and consumers:  # a sum is shown when the last of its parts is
            assert each["belowFrom"] == max(edge["belowFrom"] for edge in consumers)


def test_the_rule_of_a_node():
    explorer = explorers.graph("000.1b", step="all")
    assert (
        front.rule(explorer, "tanh(u)")
        == "tanh(u): upstream gradient −0.1548; to u: local 1 − tanh²(u) = 0.6347, downstream −0.09824."
    )
    assert front.rule(explorer, "w") == "Input w = 0.5: ∂L/∂w = −0.1965, the downstream gradient that arrives here."
    explorer.sliders["step"].value = 3
    assert front.rule(explorer, "tanh(u)") == "tanh(u) = 0.6044. Its gradients come in the backward pass."
    explorer.sliders["step"].value = 2
    assert front.rule(explorer, "tanh(u)") == "tanh(u): not computed yet."
    assert "the sum of what its consumers send down: 0.5711 and 3" in front.rule(
        explorers.graph("002.2", step="all"), "x1"
    )


def test_what_a_step_shows_in_the_browser(tmp_path):
    explorer = explorers.graph("loss")
    script = """
    const panel = question.spec.panels[0];
    const mathematics = new front.Mathematics(question.spec);
    const shown = (step) => front.graphContents(panel, mathematics.variables({ ...question.values, step }));
    const count = (part, key) => part.filter((each) => each[key] !== undefined).length;
    return question.steps.map((step) => {
      const { nodes, edges } = shown(step);
      const gradients = count(edges, "below") + count(nodes, "below");
      return [count(edges, "above"), gradients, nodes.filter(({ now }) => now).length];
    });
    """
    answers = front.ask(tmp_path, script, spec=explorer.spec, values=explorer.values, steps=[0, 1, 7, 8, 9, 15])
    assert answers == [[0, 0, 0], [1, 0, 1], [7, 0, 1], [7, 1, 0], [7, 3, 1], [7, 11, 1]]


def test_it_opens_before_the_first_step_with_its_inputs_folded():
    explorer = explorers.graph("two_paths")
    assert explorer.values["step"] == 0 and explorers.graph("two_paths", step="forward").values["step"] == 7
    box = explorer.widget.children[0]
    assert [slider.description for slider in box.children] == ["x₁", "x₂"] and "nn-many" in box._dom_classes
    with pytest.raises(InputError, match="step must be a finite number"):
        explorers.graph("two_paths", step="last")


def test_on_paper_gradients_are_orange_and_their_edges_lead_backward():
    for step, colors in (("forward", {"0.45", figures.COLORS[0]}), ("all", {figures.COLORS[1]})):
        (ax,) = explorers.graph("two_paths", step=step).figure().axes
        arrows = [text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)]
        assert len(arrows) == len(explorers.graph("two_paths").spec["panels"][0]["edges"])
        assert {to_hex(arrow.get_edgecolor()) for arrow in arrows} == {to_hex(color) for color in colors}
        ends = [text.xy[0] - text.xyann[0] for text in ax.texts if getattr(text, "arrow_patch", None)]
        assert all((end > 0) == (step == "forward") for end in ends)


# ---- where things are drawn --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [600, 900])
def test_nodes_do_not_overlap_and_edges_pass_beside_them(name, width):
    panel = graph(name).spec["panels"][0]

    def at(place):
        return on_canvas(panel, place, max(width, panel["least"]))

    boxes = [(*at(node["place"]), node["width"]) for node in panel["nodes"]]
    for (x, y, w), (x2, y2, w2) in itertools.combinations(boxes, 2):
        assert abs(x - x2) >= (w + w2) / 2 + 8 or abs(y - y2) >= 40 - 1e-9
    for edge in panel["edges"]:
        corners = [at(place) for place in edge["path"]]
        for (x0, y0), (x1, y1) in itertools.pairwise(corners):
            for x, y, w in boxes:
                for part in np.linspace(0, 1, 60):
                    px, py = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
                    inside = abs(px - x) < w / 2 and abs(py - y) < 13
                    assert not inside or (x, y) in (corners[0], corners[-1])


def test_the_named_graphs_have_no_crossings():
    for steps, _ in EXPRESSIONS.values():
        nodes = operations(steps)
        layout = layered(len(nodes), [(o, n) for n, node in enumerate(nodes) for o in node.operands])
        pieces = [pair for path in layout.paths for pair in itertools.pairwise(path)]
        for (a, b), (c, d) in itertools.combinations(pieces, 2):
            assert a[0] != c[0] or (a[1] - c[1]) * (b[1] - d[1]) >= 0


# ---- what is handed in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [3, None, {}, [], "", "x +", "x = 3", "open('f')", "3", "x",
     {"u": "w*x", "f": "w + 1"}, {"u": "v + 1", "v": "x*2"}, {"u": "u*2"},
     {"f": 3}, {"f": "x*y", "g": "f"}, {"2u": "x*x"}, {"exp": "x*x"}, {"f": "step*x"}, {"f": "mean(x)*x"},
     "*".join(f"x{k}" for k in range(20))],
)  # fmt: skip
def test_bad_expressions_are_named_in_one_line(expression):
    with pytest.raises(InputError) as caught:
        explorers.graph(expression)
    assert "\n" not in str(caught.value) and len(str(caught.value)) > 20


def test_bad_sliders_are_named():
    with pytest.raises(InputError, match="'q' is no input of this expression: its inputs are w, x, b, y"):
        explorers.graph("loss", {"q": (0, 1)})
    with pytest.raises(InputError, match="w needs"):
        explorers.graph("loss", {"w": 3})
    assert gradients_of(explorers.graph("x*y", {"x": (0, 10, 4)}, y=2)) == {"x": 2.0, "y": 4.0}


def test_a_function_is_written_as_its_node_is():
    panel = explorers.graph({"n": "maximum(p, r)", "m": "n*r"}).spec["panels"][0]
    assert panel["title"].startswith("n = max(p, r),")
    assert "max" in {node["label"] for node in panel["nodes"]}
