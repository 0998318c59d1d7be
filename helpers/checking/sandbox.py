"""Runs a student's code so that nothing it does can hurt the check: it may raise, print, loop, wait or call `exit`.

It is a safety net for honest mistakes, not a prison: the code belongs to the person who runs it.

Processor time decides what is endless, so that a busy machine makes no loop, and the time of an import does not count; a
clock that runs ten times as long ends what only waits. A run inside a run has its own time, and the time of the outer one
stands still meanwhile; only the clock goes on.

How code is stopped depends on where the check runs. In the main thread of Linux and macOS (a Jupyter kernel runs its
cells there) a timer signal interrupts it. On Windows, and in other threads, the code runs in a thread of its own into
which an exception is sent. Python in a browser has neither: there the time is looked at whenever the student's code jumps
or calls. None of them can interrupt a single call into compiled code, such as `sum(range(10**12))`: Python itself has no
means to.
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
from collections.abc import Callable, Iterable

import numpy as np

from helpers.checking import surroundings

SECONDS = 3.0  # of processor time, for one run
WAITING = 10  # times as many seconds by the clock
KEPT_OUTPUT = 400  # characters of what the code prints
_TICK = 0.05  # seconds between two looks at the time
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# In a browser Python's prefix is "/", in which everything lies.
_LIBRARIES = (*{sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)} - {"/"}, "<frozen")
_one_at_a_time = threading.RLock()  # output, `input` and the like are those of the whole process
_current = threading.local()  # `watch`: of the runs that are going on in this thread


class OutOfTime(BaseException):
    """Raised inside the student's code when its time is up; the argument says whether it was the clock that ended it. No
    Exception, so that `except Exception` lets it pass."""


class Failure(Exception):
    """The student's code did not come to an end by itself. `kind` is "exception", "time" or "interrupted"; `line` is
    the line of the student's own code, if it can be found; `waited` says that the clock ended it."""

    def __init__(self, kind: str, problem: BaseException | None = None, line: str = "", waited: bool = False) -> None:
        super().__init__(kind)
        self.kind, self.problem, self.line, self.waited = kind, problem, line, waited


class _ShortText(io.StringIO):
    """A stream that keeps the beginning of what is written to it."""

    encoding = "utf-8"

    def write(self, text):
        super().write(text[: KEPT_OUTPUT - self.tell()])
        return len(text)

    def close(self):
        """Stay open: what was printed is still to be read."""


def run(
    work: Callable[[], object],
    seconds: float | None = None,
    namespaces: Iterable[dict] = (),
    judging: Iterable[object] = (),
) -> tuple[object, str]:
    """Call `work()` with its output swallowed and its time limited, and leave everything as it was, the names in the
    given namespaces too. A run may be part of another: what the check would stumble over is put back after each part, and
    after a part with the usual time also what is `judging`, the modules of the checker and these objects.

    Returns (result, what it printed). Raises Failure if it raised, ran out of time or was interrupted.
    """
    output, whole, seconds = _ShortText(), seconds is None, SECONDS if seconds is None else seconds
    watch = getattr(_current, "watch", None)
    try:
        if watch:
            with _quiet(output):
                return watch.run(work, seconds, whole), output.getvalue()
        with _one_at_a_time, _quiet(output), surroundings.kept(namespaces, judging) as put_back:
            limited = _with_signal if _signals_work() else _in_thread if _threads_work() else _watching_jumps
            return limited(work, seconds, put_back), output.getvalue()
    except OutOfTime as stopped:
        raise Failure("time", waited=True in stopped.args) from None
    except Failure:
        raise
    except KeyboardInterrupt:
        raise Failure("interrupted") from None
    except BaseException as problem:
        raise Failure("exception", problem, student_line(problem)) from None


@contextlib.contextmanager
def _quiet(output):
    """Output goes into a text; nothing is said of warnings and floating-point errors."""
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


def clock() -> float:
    """The seconds of processor time that this thread has used; those that went by where nothing counts them."""
    try:
        return time.thread_time()
    except (AttributeError, OSError):
        return time.monotonic()


def _signals_work():
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _threads_work():
    return sys.platform != "emscripten"


# ------------------------------------------------------------------------------------------ whose time is up


class _Limit:
    """The time of one run: `used` is what it has used of its `seconds`, `until` when the clock ends it; `stopped` how
    often it has been told to stop, `waited` whether by the clock."""

    def __init__(self, seconds, began):
        self.seconds, self.used, self.stopped, self.waited = seconds, 0.0, 0, False
        self.began, self.until = began, time.monotonic() + WAITING * seconds


class _Watch:
    """The times of the runs of one thread, the outermost first. `clock` gives the processor time that the thread has
    used."""

    def __init__(self, clock, put_back):
        self.limits, self._clock, self._put_back = [], clock, put_back
        self._before = clock(), time.monotonic()

    def run(self, work, seconds, whole=True):
        """Call `work()`, for which `look` says when its time is up; `whole` as in `surroundings.kept`."""
        depth = len(self.limits)
        self.limits.append(_Limit(seconds, self._clock()))
        try:
            return work()
        finally:
            del self.limits[depth:]
            if depth:  # of the outermost run, everything is put back anyway
                self._put_back(whole)

    def look(self, frame):
        """The outermost run whose time is up, told to stop once more, or None. The time since the last look counts for
        the innermost run, unless an import is going on in the frame."""
        used, now = self._clock(), time.monotonic()
        spent = min(used - self._before[0], now - self._before[1])
        self._before = used, now
        limits = self.limits[:]
        if not limits:
            return None
        if not _is_importing(frame):
            limits[-1].used += max(0.0, min(spent, used - limits[-1].began))
        over = next((limit for limit in limits if limit.used >= limit.seconds or now >= limit.until), None)
        if over is not None:
            over.stopped, over.waited = over.stopped + 1, over.used < over.seconds
        return over

    @contextlib.contextmanager
    def current(self):
        """Runs in this thread are parts of this one from now on."""
        _current.watch = self
        try:
            yield
        finally:
            _current.watch = None


def _is_importing(frame):
    """Whether an import is going on in a frame that belongs to a run."""
    while frame is not None and frame.f_code is not _Watch.run.__code__:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


# ------------------------------------------------------------------------------------------ three ways to stop it


def _with_signal(work, seconds, put_back):
    """Interrupt by SIGALRM; an alarm that was already set (by a test runner, say) is put back afterwards."""
    watch = _Watch(clock, put_back)

    def stop(_signal, frame):
        over = watch.look(frame)
        if over is None:
            return
        problem = OutOfTime(over.waited)
        if over.stopped > 1:  # a bare `except:` swallowed the first: raise at its next line
            _raise_at_every_line(frame, watch, over)
        raise problem  # without a call in between, which would be the next line

    started = time.monotonic()
    old_handler = _set_handler(signal.SIGALRM, stop)
    old_delay, old_interval = _set_timer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        with watch.current():
            return watch.run(work, seconds)
    finally:
        _set_timer(signal.ITIMER_REAL, 0)
        _set_handler(signal.SIGALRM, old_handler)
        if old_delay:
            remaining = max(0.001, old_delay - (time.monotonic() - started))
            _set_timer(signal.ITIMER_REAL, remaining, old_interval)


_set_handler, _set_timer = signal.signal, getattr(signal, "setitimer", None)  # refused to the student's code


def _raise_at_every_line(frame, watch, over):
    """Raise once more at the next new line: that is the first line inside `except:`, which no longer belongs
    to the `try` that swallowed the exception. Python forgets a tracer that raises, so each alarm sets it
    again."""

    spared = over.stopped % 2  # every other time the libraries are, whose own `finally:` would use it up

    def trace(frame, event, _argument):
        if over not in watch.limits:
            return None
        if event == "line" and not (spared and _is_library(frame.f_code.co_filename)):
            raise OutOfTime(over.waited)
        return trace

    while frame is not None and not _is_ours(frame.f_code.co_filename):
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _in_thread(work, seconds, put_back):
    """Run in a thread; when the time is up an exception is sent into it, a few times, and then it is left
    alone."""
    result = {}

    def body():
        try:
            watch = result["watch"] = _Watch(_clock_of_this_thread(), put_back)
            with watch.current(), np.errstate(all="ignore"):
                result["value"] = watch.run(work, seconds)
        except BaseException as problem:
            result["problem"] = problem

    thread = threading.Thread(target=body, daemon=True, name="student's code")
    thread.start()

    def stop():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))

    try:
        while thread.is_alive():
            thread.join(_TICK)
            over = "watch" in result and result["watch"].look(sys._current_frames().get(thread.ident))
            if over:
                stop()
                if over.stopped > 20:
                    raise OutOfTime(over.waited)
    except KeyboardInterrupt:
        stop()
        raise
    if "value" in result:
        return result["value"]
    raise result.get("problem") or OutOfTime


def _clock_of_this_thread():
    """What gives the processor time of this thread, in others too; that of the whole process where there is no such
    thing."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    number = time.pthread_getcpuclockid(threading.get_ident())

    def clock_of_it():
        try:
            return time.clock_gettime(number)
        except OSError:
            return 0.0  # the thread has ended

    return clock_of_it


_TOOL = 4  # of the numbers that sys.monitoring gives to tools, one that no debugger, profiler or coverage has


def _watching_jumps(work, seconds, put_back):
    """Look at the time at every jump outside the libraries and at every call, and raise when it is up: each time again,
    so that a bare `except:` swallows it once. Nothing runs for ever without a jump or a call. Needs Python 3.12."""
    monitoring = sys.monitoring
    watch, kinds = _Watch(clock, put_back), {}
    next_look = 0.0

    def look(code, *_, jump=False):
        nonlocal next_look
        kind = kinds.get(code.co_filename)
        if kind is None:
            name = code.co_filename
            kind = kinds[name] = "ours" if _is_ours(name) else "library" if _is_library(name) else "student's"
        if kind == "ours" or jump and kind == "library":
            return monitoring.DISABLE
        now = time.monotonic()
        if now >= next_look:
            over = watch.look(sys._getframe(1))
            if over:
                raise OutOfTime(over.waited)
            next_look = now + _TICK
        return None

    def look_at_jump(code, *_):
        return look(code, jump=True)

    events = monitoring.events
    callbacks = {events.JUMP: look_at_jump, events.PY_START: look, events.PY_RESUME: look}
    monitoring.use_tool_id(_TOOL, "time limit of a check")
    try:
        for kind, callback in callbacks.items():
            monitoring.register_callback(_TOOL, kind, callback)
        monitoring.set_events(_TOOL, sum(callbacks))
        with watch.current():
            return watch.run(work, seconds)
    finally:
        monitoring.set_events(_TOOL, 0)
        for kind in callbacks:
            monitoring.register_callback(_TOOL, kind, None)
        monitoring.free_tool_id(_TOOL)


# ------------------------------------------------------------------------------------------ whose code it is


def _is_library(filename):
    return "site-packages" in filename or filename.startswith(_LIBRARIES)


def _is_ours(filename):
    return os.path.abspath(filename).startswith(_HERE)


def student_line(problem: BaseException) -> str:
    """The innermost line of code of the student's own (not of a library, not ours) at which an exception
    arose."""
    return _student_place(problem)[0]


def student_names(problem: BaseException) -> dict[str, object]:
    """The values of the names in the innermost function of the student's own in which an exception arose."""
    return _student_place(problem)[1]


def _student_place(problem):
    line, names, trace = "", {}, problem.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not _is_ours(filename) and not _is_library(filename):
            line, names = linecache.getline(filename, trace.tb_lineno).strip() or line, trace.tb_frame.f_locals
        trace = trace.tb_next
    return line, names
