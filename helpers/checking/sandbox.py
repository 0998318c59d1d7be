"""Runs a student's code so that nothing it does can hurt the check: it may raise, print, loop or call `exit`.

It is a safety net for honest mistakes, not a prison: the code belongs to the person who runs it.

How an endless loop is stopped depends on where the check runs. In the main thread of Linux and macOS (a
Jupyter kernel runs its cells there) a timer signal interrupts it. On Windows, and in other threads, the code
runs in a thread of its own into which an exception is sent. Python in a browser has neither: there the clock is
looked at whenever the student's code jumps or calls. None of them can interrupt a single call into compiled
code, such as `sum(range(10**12))`: Python itself has no means to.
"""

import contextlib
import ctypes
import io
import linecache
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable

import numpy as np

SECONDS = 3.0  # for one check, all calls together
KEPT_OUTPUT = 400  # characters of what the code prints
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In a browser Python's prefix is "/", in which everything lies.
_LIBRARIES = (*{sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)} - {"/"}, "<frozen")


class OutOfTime(BaseException):
    """Raised inside the student's code when its time is up. No Exception, so that `except Exception` lets it
    pass."""


class Failure(Exception):
    """The student's code did not come to an end by itself. `kind` is "exception", "time" or "interrupted";
    `line` is the line of the student's own code, if it can be found."""

    def __init__(self, kind: str, problem: BaseException | None = None, line: str = "") -> None:
        super().__init__(kind)
        self.kind, self.problem, self.line = kind, problem, line


class _ShortText(io.StringIO):
    """A stream that keeps the beginning of what is written to it."""

    encoding = "utf-8"

    def write(self, text):
        super().write(text[: KEPT_OUTPUT - self.tell()])
        return len(text)


def run(work: Callable[[], object], seconds: float | None = None) -> tuple[object, str]:
    """Call `work()` with its output swallowed and its time limited.

    Returns (result, what it printed). Raises Failure if it raised, ran out of time or was interrupted.
    """
    output = _ShortText()
    try:
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            limited = _with_signal if _signals_work() else _in_thread if _threads_work() else _watching_jumps
            return limited(work, SECONDS if seconds is None else seconds), output.getvalue()
    except OutOfTime:
        raise Failure("time") from None
    except KeyboardInterrupt:
        raise Failure("interrupted") from None
    except BaseException as problem:
        raise Failure("exception", problem, student_line(problem)) from None


def _signals_work():
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _threads_work():
    return sys.platform != "emscripten"


def _with_signal(work, seconds):
    """Interrupt by SIGALRM; an alarm that was already set (by a test runner, say) is put back afterwards."""
    state = {"over": False, "alarms": 0}

    def stop(_signal, frame):
        if state["over"]:
            return
        state["alarms"] += 1
        if state["alarms"] > 1:  # a bare `except:` swallowed the first: raise at its next line
            _raise_at_every_line(frame, state)
        raise OutOfTime

    started = time.monotonic()
    old_handler = signal.signal(signal.SIGALRM, stop)
    old_delay, old_interval = signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)
    old_trace = sys.gettrace()
    try:
        return work()
    finally:
        state["over"] = True
        if state["alarms"] > 1:
            sys.settrace(old_trace)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old_handler)
        if old_delay:
            remaining = max(0.001, old_delay - (time.monotonic() - started))
            signal.setitimer(signal.ITIMER_REAL, remaining, old_interval)


def _raise_at_every_line(frame, state):
    """Raise once more at the next new line: that is the first line inside `except:`, which no longer belongs
    to the `try` that swallowed the exception. Python forgets a tracer that raises, so each alarm sets it
    again."""

    def trace(_frame, event, _argument):
        if state["over"]:
            return None
        if event == "line":
            raise OutOfTime
        return trace

    while frame is not None and not _is_ours(frame.f_code.co_filename):
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _in_thread(work, seconds):
    """Run in a thread; when the time is up an exception is sent into it, a few times, and then it is left
    alone."""
    result = {}

    def body():
        try:
            with np.errstate(all="ignore"):
                result["value"] = work()
        except BaseException as problem:
            result["problem"] = problem

    thread = threading.Thread(target=body, daemon=True, name="student's code")
    thread.start()
    thread.join(seconds)
    for _ in range(20):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))
        thread.join(0.05)
    else:
        raise OutOfTime
    if "problem" in result:
        raise result["problem"]
    return result["value"]


_TOOL = 4  # of the numbers that sys.monitoring gives to tools, one that no debugger, profiler or coverage has


def _watching_jumps(work, seconds):
    """Look at the clock at every jump and call outside the libraries, and raise when the time is up: each time again,
    so that a bare `except:` swallows it once. Nothing runs for ever without a jump or a call. Needs Python 3.12."""
    monitoring = sys.monitoring
    if monitoring.get_tool(_TOOL):
        return work()  # inside another check, whose time is running
    deadline, known = time.monotonic() + seconds, {}

    def look(code, *_):
        name = code.co_filename
        if name not in known:
            known[name] = _is_ours(name) or _is_library(name)
        if known[name]:
            return monitoring.DISABLE
        if time.monotonic() > deadline:
            raise OutOfTime
        return None

    monitoring.use_tool_id(_TOOL, "time limit of a check")
    kinds = monitoring.events.JUMP, monitoring.events.PY_START, monitoring.events.PY_RESUME
    try:
        for kind in kinds:
            monitoring.register_callback(_TOOL, kind, look)
        monitoring.set_events(_TOOL, sum(kinds))
        return work()
    finally:
        monitoring.set_events(_TOOL, 0)
        for kind in kinds:
            monitoring.register_callback(_TOOL, kind, None)
        monitoring.free_tool_id(_TOOL)


def _is_library(filename):
    return "site-packages" in filename or filename.startswith(_LIBRARIES)


def _is_ours(filename):
    return os.path.abspath(filename).startswith(_HERE)


def student_line(problem: BaseException) -> str:
    """The innermost line of code of the student's own (not of a library, not ours) at which an exception
    arose."""
    line, trace = "", problem.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not _is_ours(filename) and not _is_library(filename):
            line = linecache.getline(filename, trace.tb_lineno).strip() or line
        trace = trace.tb_next
    return line
