"""What a student's code must not reach while a check runs it, and what is as before when it has run.

`exit()`, `input()` and the signals of the time limit raise `Refused`. Put back are settings, seeds, the working
directory, and the names of the notebook, with what small lists, dictionaries and arrays hold, and the names of the modules
that judge and of those that they use.
"""

import builtins
import contextlib
import functools
import getpass
import io
import random
import signal
import sys
from collections.abc import Callable, Iterable, Iterator

from helpers.checking import namespaces as names_now
from helpers.checking.namespaces import Contents, Names, hides_another

_MISSING = object()
_suppress = contextlib.suppress  # the code may put something else there


NO_INPUT = "Your code asks for input, and nobody answers during a check: take the value from the arguments."


class Refused(BaseException):
    """The student's code asked for something that a check does not give; the text says so. No Exception, so that
    `except Exception` lets it pass."""


# ------------------------------------------------------------------------------------------ what is refused


def _no_input(*_, **__):
    raise Refused(NO_INPUT)


def _no_exit(*_, **__):
    raise SystemExit


def _no_timer(*_, **__):
    raise Refused("Your code sets a timer, which the check needs for its own time limit.")


class _NoInput(io.TextIOBase):
    """A standard input from which nothing can be read."""

    encoding = "utf-8"
    read = readline = readlines = fileno = __next__ = _no_input


class _Handlers:
    """Takes the place of `signal.signal`: the alarm is kept for the time limit, other handlers are put back."""

    def __init__(self):
        self.before = {}

    def __call__(self, number, handler):
        if number == getattr(signal, "SIGALRM", None):
            _no_timer()
        old = _set_handler(number, handler)
        self.before.setdefault(number, old)
        return old

    def put_back(self):
        for number, handler in self.before.items():
            _set_handler(number, signal.SIG_DFL if handler is None else handler)


_set_handler = signal.signal


def _refusals(handlers: _Handlers) -> Iterator[tuple[dict, dict]]:
    """(a namespace, what its names stand for while a check runs)."""
    yield vars(builtins), {"input": _no_input, "exit": _no_exit, "quit": _no_exit}
    yield vars(getpass), {"getpass": _no_input}
    yield vars(sys), {"stdin": _NoInput()}
    timers = [name for name in ("alarm", "setitimer", "pthread_sigmask") if hasattr(signal, name)]
    yield vars(signal), {"signal": handlers, **dict.fromkeys(timers, _no_timer)}
    shell = _shell()
    if shell is not None:
        # In a notebook `exit` raises nothing: it asks the shell to end the kernel a little later.
        silent = {"_update_exit_now": _nothing} if hasattr(shell, "_update_exit_now") else {}
        yield vars(shell), {"ask_exit": _no_exit, **silent}


def _nothing(*_):
    """In place of what ends the kernel when `exit_now` is set."""


def _shell():
    """The IPython that runs the cells, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if hasattr(ipython, "get_ipython") else None


@contextlib.contextmanager
def _refusing():
    handlers = _Handlers()
    swapped = [
        (names, name, names.get(name, _MISSING), new)
        for names, news in _refusals(handlers)
        for name, new in news.items()
    ]
    shell = _shell()
    kernel = getattr(shell, "kernel", None)
    flags = [(shell, "exit_now"), (shell, "keepkernel_on_exit"), (kernel, "_allow_stdin")]
    flags += [(kind, "_instance") for kind in type(shell).__mro__ if "_instance" in vars(kind)]  # `embed` has another
    flags = [(owner, name, getattr(owner, name)) for owner, name in flags if hasattr(owner, name)]
    for names, name, _, new in swapped:
        names[name] = new
    if hasattr(kernel, "_allow_stdin"):
        kernel._allow_stdin = False  # for an `input` that got another name before
    try:
        yield
    finally:
        for owner, name, old in flags:
            if getattr(owner, name) is not old:
                setattr(owner, name, old)
        for names, name, old, _ in swapped:
            if old is _MISSING:
                names.pop(name, None)
            else:
                names[name] = old
        handlers.put_back()


# ------------------------------------------------------------------------------------------ settings


def _decimal_context(module):
    context = module.getcontext()
    names = "prec", "rounding", "Emin", "Emax", "capitals", "clamp"
    return context, dict(context.traps), {name: getattr(context, name) for name in names}


def _set_decimal_context(module, old):
    context, traps, numbers = old
    module.setcontext(context)
    context.traps.update(traps)
    for name, value in numbers.items():
        setattr(context, name, value)


def _set_rc_params(module, old):
    """Past the validation, which has seen all of this; then the backend, which is more than its name."""
    new = module.rcParams
    changed = dict.get(new, "backend") != old["backend"]
    dict.clear(new)
    dict.update(new, old)
    if changed and isinstance(old["backend"], str) and "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].switch_backend(old["backend"])


def _set_environment(module, old):
    environ = module.environ
    for key in [*environ._data]:
        if key not in old:
            del environ[environ.decodekey(key)]
    for key, value in old.items():
        environ[environ.decodekey(key)] = environ.decodevalue(value)


def _of_list(name):
    """What reads a list with a name in a module, and what sets it."""
    return lambda module: getattr(module, name)[:], lambda module, old: getattr(module, name).__setitem__(
        slice(None), old
    )


# (module, what its setting is, what sets it); looked at where the module is loaded
_AT_ONCE = (  # what would disturb the check itself
    ("sys", lambda sys: sys.getrecursionlimit(), lambda sys, old: sys.setrecursionlimit(old)),
    ("sys", lambda sys: sys.gettrace(), lambda sys, old: sys.settrace(old)),
    ("sys", lambda sys: sys.getprofile(), lambda sys, old: sys.setprofile(old)),
)
_SETTINGS = (
    *_AT_ONCE,
    ("sys", lambda sys: sys.getswitchinterval(), lambda sys, old: sys.setswitchinterval(old)),
    ("sys", lambda sys: sys.get_int_max_str_digits(), lambda sys, old: sys.set_int_max_str_digits(old)),
    *(("sys", *_of_list(name)) for name in ("path", "meta_path", "path_hooks", "argv")),
    ("os", lambda os: os.getcwd(), lambda os, old: os.chdir(old)),
    ("os", lambda os: os.environ._data.copy(), _set_environment),
    ("gc", lambda gc: gc.isenabled(), lambda gc, old: gc.enable() if old else gc.disable()),
    ("gc", lambda gc: gc.get_threshold(), lambda gc, old: gc.set_threshold(*old)),
    (
        "locale",
        lambda locale: locale.setlocale(locale.LC_ALL),
        lambda locale, old: locale.setlocale(locale.LC_ALL, old),
    ),
    ("gc", lambda gc: gc.get_debug(), lambda gc, old: gc.set_debug(old)),
    ("logging", lambda logging: logging.root.handlers[:], lambda logging, old: setattr(logging.root, "handlers", old)),
    ("logging", lambda logging: logging.root.level, lambda logging, old: logging.root.setLevel(old)),
    ("logging", lambda logging: logging.root.manager.disable, lambda logging, old: logging.disable(old)),
    ("socket", lambda socket: socket.getdefaulttimeout(), lambda socket, old: socket.setdefaulttimeout(old)),
    ("decimal", _decimal_context, _set_decimal_context),
    ("mpmath", lambda mpmath: mpmath.mp.prec, lambda mpmath, old: setattr(mpmath.mp, "prec", old)),
    ("numpy", lambda numpy: numpy.get_printoptions(), lambda numpy, old: numpy.set_printoptions(**old)),
    ("matplotlib", lambda matplotlib: dict(dict.items(matplotlib.rcParams)), _set_rc_params),
)
_SEEDS = (  # put back unseen: to compare them takes as long
    ("random", lambda random: random.getstate(), lambda random, old: random.setstate(old)),
    ("numpy.random", lambda random: random.get_state(legacy=False), lambda random, old: random.set_state(old)),
)


def _read(rows):
    """(module, what reads, what sets, the setting as it is now) for each row whose module is loaded."""
    found = []
    for name, read, write in rows:
        module = sys.modules.get(name)
        if module is not None:
            with _suppress(Exception):  # half loaded, older, or the working directory is gone
                found.append((module, read, write, read(module)))
    return found


def _put_back(settings):
    for module, read, write, old in settings:
        with _suppress(Exception):
            if read(module) != old:
                write(module, old)


def _generators(namespaces):
    """What puts back the generators of random numbers that have names in some namespaces."""
    numpy_random = sys.modules.get("numpy.random")
    kinds = {id(random.Random): ("getstate", "setstate")}
    if numpy_random is not None:
        kinds[id(numpy_random.RandomState)] = ("get_state", "set_state")
        kinds[id(numpy_random.Generator)] = None
    for names in namespaces:
        for one in [value for value in names.values() if id(type(value)) in kinds]:
            read_write = kinds[id(type(one))]
            if read_write:
                yield functools.partial(getattr(one, read_write[1]), getattr(one, read_write[0])())
            else:
                yield functools.partial(setattr, one.bit_generator, "state", one.bit_generator.state)


def _kept_settings(namespaces):
    """A function that puts back settings, seeds and generators of random numbers as they are now."""
    settings, seeds, generators = _read(_SETTINGS), _read(_SEEDS), [*_generators(namespaces)]

    def put_back():
        _put_back(settings)
        for module, _, write, old in seeds:
            write(module, old)
        for generator in generators:
            generator()
        if len(seeds) < len(_SEEDS) and "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed()  # loaded meanwhile: as if it were loaded now

    return put_back


@contextlib.contextmanager
def kept(namespaces: Iterable[dict] = (), judging: Iterable[object] = ()) -> Iterator[Callable[[bool], None]]:
    """While this runs, exit, input and timers are refused; afterwards settings, seeds and the names in these namespaces
    are as before. Gives what puts back at once, as soon as some of the student's code has run, what the check itself
    would stumble over; as a whole, with the modules that judge, those that are loaded and the further objects that do."""
    namespaces = [*namespaces]
    put_back_settings = _kept_settings(namespaces)
    with _refusing():
        own, contents, system = Names(namespaces), Contents(namespaces), Names([vars(sys)], hides_another)
        checker = Names([*names_now.judging(), *judging], hides_another)
        used, modules = Names(names_now.used(), hides_another), names_now.Modules()
        at_once = _read(_AT_ONCE)

        def put_back(whole):
            _put_back(at_once)
            if whole:
                checker.put_back()

        try:
            yield put_back
        finally:
            checker.put_back()
            used.put_back()
            modules.put_back()
            system.put_back()
            own.put_back()
            contents.put_back()
            put_back_settings()
