"""What a student's code must not reach while a check runs it, and what is as before when it has run.

`exit()`, `input()` and the signals of the time limit raise `Refused`. Put back are settings, seeds, the working
directory, and the names of the notebook, with what small lists, dictionaries and arrays hold, and the names of the modules that judge.
"""

import builtins
import contextlib
import functools
import getpass
import io
import itertools
import math
import operator
import random
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator

import numpy as np

_MISSING = object()
_all, _len, _map, _is = all, len, map, operator.is_  # the code may put something else into `builtins`


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


# ------------------------------------------------------------------------------------------ what is put back


class Names:
    """The names of some namespaces and the attributes of some classes, as they are now. `is_new` says of which new names
    the namespaces are to be rid again."""

    def __init__(self, owners: Iterable[dict | type], is_new: Callable[[str], bool] = lambda name: True) -> None:
        self._before = [
            (vars(one), vars(one).copy(), functools.partial(setattr, one), functools.partial(delattr, one), _is_own)
            if type(one) is type
            else (one, dict(one), one.__setitem__, one.__delitem__, is_new)
            for one in owners
        ]

    def put_back(self) -> None:
        """Let each name stand for what it stood for."""
        for names, before, put, remove, is_new in self._before:
            if _len(names) == _len(before) and _all(_map(_is, names.values(), before.values())):
                continue
            for key in before:
                if names.get(key, _MISSING) is not before[key]:
                    put(key, before[key])
            for key in [key for key in names if key not in before and is_new(key)]:
                remove(key)


class Contents:
    """What the small lists, dictionaries and arrays hold that have names in some namespaces, as they are now."""

    def __init__(self, namespaces: Iterable[dict]) -> None:
        named = {id(one): one for names in namespaces for one in names.values() if type(one) in _HELD}
        self._before = [
            (one, _HELD[type(one)](one))
            for one in named.values()
            if (one.size if type(one) is np.ndarray else len(one)) <= _SMALL
        ]

    def put_back(self) -> None:
        """Let each hold what it held."""
        for one, before in self._before:
            if type(one) is np.ndarray:
                if one.shape == before.shape and one.flags.writeable and one.tobytes() != before.tobytes():
                    one[...] = before
            elif _len(one) != _len(before) or not _all(_map(_is, _entries(one), _entries(before))):
                one.clear()
                one.extend(before) if type(one) is list else one.update(before)


_SMALL = 1000  # entries; larger ones take too long to copy at every check
_HELD = {list: list.copy, dict: dict.copy, np.ndarray: np.ndarray.copy}


def _entries(one):
    """The entries of a list; the keys of a dictionary and its values, in a row."""
    return one if type(one) is list else itertools.chain(one, one.values())


def _is_own(name):
    """Whether an attribute of a class is none of Python's, which come when they are first asked for."""
    return not name.startswith("__")


def _hides_another(name):
    """Whether a new name in a module takes the place of a function of Python's. Others are left: modules load parts of
    their own when they are needed."""
    return name in _BUILTINS


_BUILTINS = frozenset(vars(builtins))
_JUDGING = ("helpers.checking", "helpers.exercises", "helpers.formulas", "helpers.challenges")


@functools.lru_cache(maxsize=1)
def _judging(_number_of_modules):
    """The namespaces of the modules that judge, and their classes."""
    own = [module for name, module in sys.modules.items() if name.startswith(_JUDGING) and module is not None]
    classes = [
        one
        for module in own
        for one in vars(module).values()
        if type(one) is type and one.__module__ == module.__name__ and not issubclass(one, BaseException)
    ]
    return [*(vars(module) for module in (builtins, math, np, *own)), *classes]


def names_of(answer: object) -> list[dict]:
    """The namespaces of the notebook, and of the functions in an answer. Nothing of the student's is called."""
    main = sys.modules.get("__main__")
    found = {id(vars(main)): vars(main)} if isinstance(main, types.ModuleType) else {}
    kind = type(answer)
    several = answer.values() if kind is dict else answer if kind in (list, tuple) else (answer,)
    for one in [*several][:100]:
        while type(one) in (functools.partial, types.MethodType):
            one = one.func if type(one) is functools.partial else one.__func__
        if type(one) is types.FunctionType:
            found[id(one.__globals__)] = one.__globals__
    return list(found.values())


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
    ("sys", lambda sys: sys.path[:], lambda sys, old: sys.path.__setitem__(slice(None), old)),
    ("os", lambda os: os.getcwd(), lambda os, old: os.chdir(old)),
    ("os", lambda os: os.environ._data.copy(), _set_environment),
    ("gc", lambda gc: gc.isenabled(), lambda gc, old: gc.enable() if old else gc.disable()),
    ("gc", lambda gc: gc.get_threshold(), lambda gc, old: gc.set_threshold(*old)),
    (
        "locale",
        lambda locale: locale.setlocale(locale.LC_ALL),
        lambda locale, old: locale.setlocale(locale.LC_ALL, old),
    ),
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
            with contextlib.suppress(Exception):  # half loaded, older, or the working directory is gone
                found.append((module, read, write, read(module)))
    return found


def _put_back(settings):
    for module, read, write, old in settings:
        with contextlib.suppress(Exception):
            if read(module) != old:
                write(module, old)


def _generators(namespaces):
    """What puts back the generators of random numbers that have names in some namespaces."""
    numpy_random = sys.modules.get("numpy.random")
    kinds = {random.Random: ("getstate", "setstate")}
    if numpy_random is not None:
        kinds[numpy_random.RandomState] = ("get_state", "set_state")
        kinds[numpy_random.Generator] = None
    for names in namespaces:
        for one in [value for value in names.values() if type(value) in kinds]:
            read_write = kinds[type(one)]
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
def kept(namespaces: Iterable[dict] = (), judging: Iterable[dict] = ()) -> Iterator[Callable[[bool], None]]:
    """While this runs, exit, input and timers are refused; afterwards settings, seeds and the names in these namespaces
    are as before. Gives what puts back at once, as soon as some of the student's code has run, what the check itself
    would stumble over; as a whole, with the modules that judge and the further namespaces that do."""
    namespaces = [*namespaces]
    put_back_settings = _kept_settings(namespaces)
    with _refusing():
        own, contents, system = Names(namespaces), Contents(namespaces), Names([vars(sys)], _hides_another)
        checker = Names([*_judging(len(sys.modules)), *judging], _hides_another)
        at_once = _read(_AT_ONCE)

        def put_back(whole):
            _put_back(at_once)
            if whole:
                checker.put_back()

        try:
            yield put_back
        finally:
            checker.put_back()
            system.put_back()
            own.put_back()
            contents.put_back()
            put_back_settings()
