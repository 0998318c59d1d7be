"""Running students' code: everything comes back, in time, and nothing of the surroundings is changed."""

import builtins
import collections
import contextlib
import decimal
import functools  # noqa: F401 - code below names it
import gc
import getpass
import importlib
import inspect  # noqa: F401 - code below names it
import itertools
import locale
import logging
import math
import os
import random
import re
import signal
import sys
import threading
import time
import warnings  # noqa: F401 - code below names it

import matplotlib
import mpmath
import numpy as np
import pytest
import sympy

from helpers import explorers
from helpers.assignments import questions
from helpers.challenges import check_best_heights, check_bias_range
from helpers.checking import feedback as feedback_module  # noqa: F401 - code below names it
from helpers.checking import sandbox, values
from helpers.checking.answers import called
from helpers.checking.values import Unusable
from helpers.exercises import formula_question
from tests.browser.lab import ROOT

NEEDS_TIMERS = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
running = [True]  # emptied when the test is over, because a thread that swallows everything is left alone


def endless():
    while True:
        pass


def endless_swallowing():
    count = 0
    while running:
        try:
            while running:
                count += 1
        except:  # noqa: E722
            count = 0


def endless_swallowing_exceptions():
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.001)


def endless_swallowing_in_one_line():
    while running:
        try:
            all(running for _ in itertools.count())
        except:  # noqa: E722
            pass


def endless_waiting():
    while running:
        try:
            threading.Event().wait()
        except:  # noqa: E722
            pass


@NEEDS_TIMERS
def test_waiting_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr(sandbox, "WAITING", 2)
    with pytest.raises(sandbox.Failure) as failure:
        sandbox.run(endless_waiting, seconds=0.1)
    assert failure.value.waited


@pytest.fixture(params=["signal", "thread", "jumps"])
def way(request, monkeypatch):
    if request.param != "signal":
        monkeypatch.setattr(sandbox, "_signals_work", lambda: False)
    if request.param == "jumps":  # as in a browser, where Python is newer than this
        if sys.version_info < (3, 12):
            pytest.skip("sys.monitoring came with Python 3.12")
        monkeypatch.setattr(sandbox, "_threads_work", lambda: False)
        monkeypatch.setattr(threading.Thread, "start", no_thread)
    elif request.param == "signal" and not hasattr(signal, "setitimer"):
        pytest.skip("no timer signals here")
    return request.param


def no_thread(_thread):
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize(
    "code", [endless, endless_swallowing, endless_swallowing_exceptions, endless_swallowing_in_one_line]
)
def test_endless_loops_are_stopped(way, monkeypatch, code):
    monkeypatch.setattr(sandbox, "WAITING", 3)  # one of them mostly waits
    before = sys.gettrace(), sys.stdout
    running[:] = [True]
    try:
        with pytest.raises(sandbox.Failure) as failure:
            sandbox.run(code, seconds=0.3)
    finally:
        running.clear()
    assert failure.value.kind == "time"
    assert (sys.gettrace(), sys.stdout) == before
    until = time.monotonic() + 5
    while time.monotonic() < until and any(thread.name == "student's code" for thread in threading.enumerate()):
        time.sleep(0.01)
    assert not any(thread.name == "student's code" for thread in threading.enumerate())  # nothing goes on computing


def deeper(n=0):
    return deeper(n + 1) + 1


def test_results_output_and_exceptions_come_back(way):
    assert sandbox.run(lambda: print("hello") or 5) == (5, "hello\n")
    assert len(sandbox.run(lambda: print("x" * 10**6))[1]) == sandbox.KEPT_OUTPUT
    kinds = {(lambda: 1 / 0): ZeroDivisionError, sys.exit: SystemExit, deeper: RecursionError}
    for code, kind in kinds.items():
        with pytest.raises(sandbox.Failure) as failure:
            sandbox.run(code)
        assert failure.value.kind == "exception" and isinstance(failure.value.problem, kind)


def test_a_check_inside_a_check(way):
    assert sandbox.run(lambda: sandbox.run(lambda: 3)[0] + 1)[0] == 4
    with pytest.raises(sandbox.Failure) as failure:
        sandbox.run(lambda: sandbox.run(endless, seconds=0.2), seconds=0.3)
    assert failure.value.kind in ("time", "exception")
    assert sandbox.run(lambda: 5)[0] == 5  # the tool is free again


def test_the_students_own_line_is_quoted():
    def answer():
        value = 3
        return value / (value - 3)

    with pytest.raises(sandbox.Failure) as failure:
        sandbox.run(answer)
    assert failure.value.line == "return value / (value - 3)"


@NEEDS_TIMERS
def test_an_alarm_that_was_set_before_is_put_back():
    rung = []
    old = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 30)
        sandbox.run(lambda: None)
        remaining, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < remaining <= 30
        with pytest.raises(sandbox.Failure):
            sandbox.run(endless, seconds=0.2)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        signal.raise_signal(signal.SIGALRM)
        assert rung == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def test_it_works_outside_the_main_thread():
    results = []

    def body():
        try:
            sandbox.run(endless, seconds=0.2)
        except sandbox.Failure as failure:
            results.append(failure.kind)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join(20)
    assert results == ["time"]


def interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "code, said",
    [
        (endless, "was stopped after 0.2 seconds"),
        (interrupted, "The check was interrupted."),
        (lambda: None + 1, "in your line"),
    ],
)
def test_a_function_for_a_table_that_does_not_come_to_an_end_is_explained(monkeypatch, code, said):
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    with pytest.raises(Unusable, match=re.escape(said)):
        called(code, "a table")


# ------------------------------------------------------------------------------------------ what counts as endless


def busy(seconds):
    """Use so much processor time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_only_the_students_own_processor_time_counts(way):
    with pytest.raises(sandbox.Failure) as failure:
        sandbox.run(lambda: busy(0.5), seconds=0.1)
    assert not failure.value.waited
    if way != "jumps":  # there a pause is a call into compiled code
        assert sandbox.run(lambda: time.sleep(0.3) or 1, seconds=0.1)[0] == 1
        with pytest.raises(sandbox.Failure) as failure:
            sandbox.run(lambda: time.sleep(2), seconds=0.03)
        assert failure.value.kind == "time" and failure.value.waited


def test_the_time_of_a_run_inside_a_run_is_its_own(way):
    def both():
        busy(0.15)
        sandbox.run(lambda: busy(0.15), seconds=0.25)
        return sandbox.run(lambda: busy(0.15) or 5, seconds=0.25)[0]

    assert sandbox.run(both, seconds=0.25)[0] == 5


def test_an_import_is_no_loop(way, tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text(
        "import time\nuntil = time.thread_time() + 0.4\nwhile time.thread_time() < until: pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_to_import", raising=False)
    assert sandbox.run(lambda: importlib.import_module("slow_to_import"), seconds=0.2)[0].until > 0


# ------------------------------------------------------------------------------------------ whatever is handed in


def kind(base=object, **methods):
    """An object of a kind of its own; a method that is given as None loops."""
    looping = {name: method or (lambda *a, **k: endless()) for name, method in methods.items()}
    return type("Mine", (base,), looping)


def nested(leaf, width=90, depth=14):
    for _ in range(depth):
        leaf = [leaf] * width
    return leaf


def for_ever(value):
    """An iterator of compiled code, which nothing interrupts."""
    return lambda *_: itertools.repeat(value)


itself = []
itself.append(itself)
two = {"__len__": lambda _: 2}
no_end = sympy.Limit(
    sympy.Integral(sympy.cos(sympy.Symbol("t") ** sympy.Symbol("t")), (sympy.Symbol("t"), 1, sympy.oo)),
    sympy.Symbol("u"),
    0,
)
a_mapping = {"__getitem__": lambda *_: 1.0, "__len__": lambda _: 1}
mapping = collections.abc.Mapping


def no_parameters():
    while running is not None:
        pass


def raises_mine(*_):
    raise kind(ValueError, __str__=None)()


OBJECTS = {
    "array": lambda: kind(__array__=None)(),
    "interface": lambda: kind(__array_interface__=property(lambda _: endless()))(),
    "length": lambda: kind(__len__=None, __getitem__=None)(),
    "entries": lambda: kind(**two, __getitem__=lambda *_: 2.5)(),
    "iterator": lambda: kind(**two, __getitem__=None, __iter__=for_ever(2.5))(),
    "list": lambda: kind(list, __iter__=for_ever("w"))("w"),
    "tuple": lambda: kind(tuple, __iter__=for_ever(None))((1, 2)),
    "float": lambda: kind(__float__=None, __complex__=None)(),
    "class": lambda: kind(__class__=property(lambda _: endless()))(),
    "attribute": lambda: kind(__getattr__=None)(),
    "kind": lambda: kind(type, __eq__=None, __hash__=None, __getattr__=None)("Odd", (), {})(),
    "text": lambda: kind(str, strip=None, split=None, lower=None, __len__=None)("w"),
    "name": lambda: kind(str, __eq__=None, __hash__=lambda _: hash("J"))("J"),
    "words": lambda: kind(__str__=None, __repr__=None)(),
    "subclass": lambda: kind(np.ndarray, __array_ufunc__=None, __iter__=None)((2,)),
    "nothing": lambda: nested(...),
    "numbers": lambda: nested(1.5),
    "itself": lambda: itself,
    "range": lambda: range(10**12),
    "broadcast": lambda: np.broadcast_to(1.5, (10**6, 10**6)),
    "sympy": lambda: no_end,
    "mapping": lambda: kind(mapping, **a_mapping, __iter__=for_ever("J"))(),
    "dict": lambda: kind(
        dict, items=for_ever(("J", 1)), values=for_ever(None), __iter__=for_ever("J"), keys=for_ever("J")
    )(),
    "loop": lambda: no_parameters,
    "signature": lambda: kind(__call__=lambda *_: 1.0, __signature__=property(lambda _: endless()))(),
    "exception": lambda: raises_mine,
    "stuck": lambda: lambda *_: threading.Lock().acquire() and threading.Event().wait(),
}
WAYS_IN = {
    "an answer": lambda one: questions["000.1b.w"].check(one),
    "returned": lambda one: questions["000.1b.w"].check(lambda *_: one),
    "lines": lambda one: questions["000.1b.w"].check_steps([one, one]),
    "table": lambda one: questions["002.1"].check({"J": one}),
    "gradients": lambda one: questions["04.matrix"].check(lambda *_: {"W1": one}),
    "program": lambda one: questions["003.3.onehot"].check(lambda *_: one),
    "plan": lambda one: questions["003.2.plan"].check({"set the weights": one}),
    "statements": lambda one: questions["002.1e"].check({1: one, 2: ("accept", one)}),
    "claim": lambda one: questions["001.2.3.text"].check({"changes": True, "counterexample": {"x": one}, "proof": one}),
    "averages": lambda one: questions["003.3.averages"].check((one, one)),
    "gradient check": lambda one: questions["04.gradient_check"].check(lambda *_: one),
    "heights": lambda one: check_best_heights(lambda n: one),
    "range": lambda one: check_bias_range(one, one),
}


@pytest.mark.parametrize("one", OBJECTS)
def test_whatever_is_handed_in_comes_back_in_time(monkeypatch, one):
    monkeypatch.setattr(sandbox, "SECONDS", 0.02)
    monkeypatch.setattr(sandbox, "WAITING", 5)
    monkeypatch.setattr(sandbox, "_TICK", 0.01)
    for name, way_in in WAYS_IN.items():
        started = time.thread_time()
        feedback = way_in(OBJECTS[one]())
        assert time.thread_time() - started < 2, name
        assert not feedback and type(feedback.message) is str and str(feedback), name


@pytest.mark.parametrize("one", ["array", "text", "loop", "sympy", "exception"])
def test_whatever_is_handed_in_comes_back_in_other_threads_too(way, monkeypatch, one):
    if way == "jumps" and one == "array":
        pytest.skip("the loop is in a library of tests")
    test_whatever_is_handed_in_comes_back_in_time(monkeypatch, one)


def test_a_text_that_takes_too_long_is_no_loop(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    monkeypatch.setattr(formula_question, "compare_lines", lambda question, lines: busy(1))
    feedback = questions["000.1b.w"].check_steps([RIGHT, RIGHT])
    assert feedback.mistake == "endless" and "code" not in feedback.message


def test_a_feedback_holds_nothing_of_the_students():
    mine = kind(str)("cannot be read")
    wrong = Unusable(mine, mine, kind(str)("wrong"))

    def answer(*_):
        raise wrong

    feedback = questions["000.1b.w"].check(answer)
    assert (type(feedback.status), type(feedback.message), type(feedback.mistake)) == (str, str, str)


@pytest.mark.parametrize(
    "answer, status, said",
    [
        (lambda *_: range(10**11), "wrong", "too large"),
        (lambda *_: [range(10**6)] * 10**6, "wrong", "too large"),
        (lambda *_: kind(__array__=lambda *a, **k: 1 / 0)(), "error", "cannot be turned into numbers"),
        (lambda *_: [[1.0, 2.0], [3.0]], "error", "different lengths"),
        (lambda *_: {"a": 1}.keys(), "error", "not as a number"),
        (lambda *_: [{1.0}, {2.0}], "error", "not as a number"),
        (lambda *_: float(input()), "error", "input"),
        (lambda *_: getpass.getpass("slope? "), "error", "input"),
        (lambda *_: sys.stdin.readlines(), "error", "input"),
        (lambda *_: exit(), "error", "exit()"),
        (lambda *_: quit("enough"), "error", "exit()"),
        pytest.param(lambda *_: signal.setitimer(signal.ITIMER_REAL, 0), "error", "timer", marks=NEEDS_TIMERS),
        pytest.param(lambda *_: signal.signal(signal.SIGALRM, None), "error", "timer", marks=NEEDS_TIMERS),
    ],
)
def test_the_sentence_is_true(answer, status, said):
    feedback = questions["000.1b.w"].check(answer)
    assert feedback.status == status and said in feedback.message, feedback


def working_code(w, x, b, y):
    z = w * x + b
    raise NotImplementedError(f"no slope at {z:.2f}")


def stub_with_a_text(w, x, b, y):
    """To be filled in."""
    raise NotImplementedError("write the slope here")


def stub_that_is_called(w, x, b, y):
    return 2 * bare_stub(w)


def bare_stub(w):
    raise NotImplementedError


@pytest.mark.parametrize(
    "answer, status",
    [
        (working_code, "error"),
        (lambda *_: collections.abc.Iterator.register(1) or raises_text(), "error"),
        (stub_with_a_text, "not attempted"),
        (stub_that_is_called, "not attempted"),
        (bare_stub, "error"),  # with other parameters
    ],
)
def test_only_a_stub_is_not_attempted(answer, status):
    assert questions["000.1b.w"].check(answer).status == status


def raises_text():
    raise NotImplementedError("my library cannot do this")


# ------------------------------------------------------------------------------------------ what stays as it was

mine = np.random.default_rng(5)
count, history, table, weights = 0, [[], "one"], {"a": [1], "W1": np.array([[0.5]])}, np.array([0.5, 0.25])
RIGHT = questions["000.1b.w"].answer_formula.text
before_all = dict(sys.modules)


def state():
    return {
        "numpy": np.random.get_state()[1].tolist(),
        "random": random.getstate(),
        "mine": mine.bit_generator.state,
        "folder": os.getcwd(),
        "backend": matplotlib.get_backend(),
        "style": dict(dict.items(matplotlib.rcParams)),
        "print": np.get_printoptions(),
        "errors": np.geterr(),
        "mpmath": mpmath.mp.dps,
        "decimal": (decimal.getcontext().prec, decimal.getcontext().rounding, dict(decimal.getcontext().traps)),
        "recursion": sys.getrecursionlimit(),
        "gc": (gc.isenabled(), gc.get_threshold()),
        "tracing": (sys.gettrace(), sys.getprofile()),
        "environment": dict(os.environ),
        "path": sys.path[:],
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        "contents": (str(history), str(table), weights.tolist()),
        "modules": [name for name in before_all if sys.modules.get(name) is not before_all[name]],
        "import": (sys.argv[:], len(sys.meta_path), len(sys.path_hooks), id(os.environ)),
        "logging": len(logging.root.handlers),
        "names": {name: id(value) for name, value in globals().items()},
        "functions": [id(one) for one in (np.all, np.isfinite, values.agree, formula_question.agree, builtins.all)],
        "shown": (id(sys.stdin), id(sys.stdout), id(sys.displayhook), id(builtins.print), id(builtins.input)),
    }


CHANGES = """
np.random.seed(8); np.random.normal()
random.seed("x")
mine.normal(size=3)
os.chdir(os.path.sep)
matplotlib.use("pdf")
matplotlib.rcParams["font.size"] = 30; matplotlib.rcdefaults()
np.set_printoptions(suppress=True, precision=2)
np.seterr(all="raise")
mpmath.mp.prec = 20
decimal.getcontext().prec = 5; decimal.getcontext().traps[decimal.Inexact] = True
decimal.setcontext(decimal.Context(rounding=decimal.ROUND_UP))
sys.setrecursionlimit(10**5)
sys.setrecursionlimit(90)
gc.disable(); gc.set_threshold(5)
sys.settrace(lambda *_: None); sys.setprofile(lambda *_: None)
os.environ["OMP_NUM_THREADS"] = "1"; os.environ.pop("PATH")
sys.path.clear()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
globals()["count"] = 7
globals()["brand_new"] = 7
del globals()["running"]
history.append(3); table["b"] = 2; weights[0] = weights[1]
history.clear(); table.update(a=5); weights -= 1
history[0].append(1); table["a"][0] = 2; table["W1"] -= 1
sys.modules.clear()
sys.modules["numpy"] = sys.modules["helpers.checking.values"] = None
sys.meta_path.clear(); sys.path_hooks.clear(); sys.argv.clear()
os.environ = {}
logging.basicConfig(); logging.warning("attention")
random.random = random.setstate = random.seed = None
np.random.seed = np.linalg.norm = None
itertools.islice = itertools.chain = contextlib.suppress = contextlib.redirect_stdout = None
time.monotonic = time.thread_time = threading.current_thread = warnings.catch_warnings = warnings.simplefilter = None
re.sub = functools.partial = inspect.signature = None
questions["000.1b.w"].truth = questions["000.1b.w"].check = lambda *_: [np.array(3.0)] * 99
sys.displayhook = None
builtins.print = builtins.input = len
np.all = np.isfinite = np.abs = lambda *a, **k: True
values.agree = formula_question.agree = lambda *a: True
feedback_module.Recognition = feedback_module.Feedback = None
builtins.all = builtins.any = lambda *_: True
questions["000.1b.w"].rtol = 1e9
formula_question.Question.truth = lambda self, points: [np.array(3.0) for _ in points]
feedback_module.Feedback.__bool__ = lambda self: True
formula_question.abs = lambda *_: 0
raise Unusable("the best of all answers", None, "correct")
""".strip().splitlines()


@pytest.mark.parametrize("code", CHANGES)
def test_a_check_changes_nothing_and_judges_the_next_answer_as_ever(code):
    def answer(w, x, b, y):
        exec(code, globals())
        return 3.0

    question, before = questions["000.1b.w"], state()
    feedback = question.check(answer)
    assert state() == before
    assert feedback.status in ("wrong", "error")
    assert question.check(RIGHT) and question.check("3").status == "wrong"


@pytest.mark.parametrize(
    "code",
    [
        'warnings.simplefilter("error"); np.log(-1.0)',
        'np.seterr(all="raise")',
        "sys.setrecursionlimit(90)",
        "sys.stdout = sys.stderr = sys.stdin = None",
        "sys.stdout.close()",
        'sys.modules["numpy"] = sys.modules["sympy"] = None',
        "itertools.islice = re.sub = inspect.signature = None",
        'signal.signal(signal.SIGINT, signal.SIG_IGN); os.chdir("/"); globals()["mine"] = None',
        'questions["000.1b.w"].check("3")',
        "importlib.reload(values)",
    ],
)
def test_a_right_answer_is_right_whatever_it_does_besides(code):
    question = questions["000.1b.w"]

    def answer(w, x, b, y):
        f = 1 / (1 + math.exp(-(1 + math.tanh(w * x + b)) / 2))
        slope = -x * y / 2 * (1 - f) * (1 - math.tanh(w * x + b) ** 2)
        exec(code, globals())
        return slope

    before = state()
    assert question.check(answer)
    assert state() == before
    assert question.check(answer) and question.check(lambda *_: 3.0).status == "wrong"


def test_a_notebook_lives_on():
    """In a kernel `exit` raises nothing, and `input` asks the page."""
    client_module = pytest.importorskip("jupyter_client.manager")
    manager, client = client_module.start_new_kernel(kernel_name="python3", cwd=str(ROOT))
    asked = []

    def run(code):
        printed = []
        reply = client.execute_interactive(
            code,
            timeout=60,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
            stdin_hook=lambda message: asked.append(message) or client.input("2"),
        )
        assert reply["content"]["status"] == "ok"
        return "".join(printed)

    try:
        run(
            "import os, getpass; os.environ['COURSE_PACK_PROGRESS'] = 'off'; kept, ask, end = 1, input, get_ipython().ask_exit\n"
            "from helpers.assignments import questions"
        )
        for call, said in {
            "exit()": "exit()",
            "quit(True)": "exit()",
            "get_ipython().ask_exit()": "exit()",
            "end()": "wrong",
            "setattr(get_ipython(), 'exit_now', True)": "wrong",
            "input('slope? ')": "input",
            "ask('slope? ')": "input",
            "getpass.getpass()": "input",
            "globals().update(kept=2)": "wrong",
            "breakpoint()": "",
            "__import__('pdb').set_trace()": "input",
            "__import__('IPython').embed()": "input",
            "setattr(__import__('IPython'), 'get_ipython', None)": "wrong",
            "quit()": "exit()",
        }.items():
            code = f"found = questions['000.1b.w'].check(lambda *_: {call} or 1.0); print(found.status, found.message)"
            assert said in run(code)
        time.sleep(0.3)  # a kernel ends a little after it was asked to
        assert run("print(kept, get_ipython().exit_now)") == "1 False\n" and asked == []
        assert run("print(float(input('?')))") == "2.0\n" and len(asked) == 1
        client.execute("exit()")
        assert any(not manager.is_alive() or time.sleep(0.1) for _ in range(100))
    finally:
        manager.shutdown_kernel(now=True)


def test_a_function_in_a_picture_is_stopped_too(monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "SECONDS", 0.1)
    monkeypatch.setattr(sandbox, "WAITING", 1000)  # a busy machine is not waiting

    def mine(x, k):
        print("here")
        return endless() if k > 1 else float(input()) if k < 0.2 else k * x

    explorer = explorers.curve_of(mine, y=(-1, 1), k=(0, 2, 0.5))
    assert explorer.view.message == "" and capsys.readouterr().out == "here\n"
    for value, said in ((1.5, "stopped after 0.1 seconds"), (0.1, "input")):
        explorer.sliders["k"].value = value
        assert said in explorer.view.message
