"""Running students' code: everything comes back, in time, and nothing of the surroundings is changed."""

import contextlib
import itertools
import re
import signal
import sys
import threading
import time

import pytest

from helpers.checking import sandbox
from helpers.checking.answers import called
from helpers.checking.values import Unusable

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
def test_endless_loops_are_stopped(way, code):
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


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
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
