"""Putting a solution into a stub, on which the tests of solved notebooks rest."""

from tests.notebooks.solved import with_solution


def test_replacing_a_stub_keeps_what_is_around_it():
    stub = "import numpy as np\nt = 3\n\ndef g(x):\n    return ...\n\nshow(g(t))"
    cell = with_solution(stub, "def g(x):\n    return 2 * x")
    assert cell.index("import numpy") < cell.index("t = 3") < cell.index("return 2 * x") < cell.index("show(g(t))")
    assert "..." not in cell
