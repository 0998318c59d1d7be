"""The names that a check finds when it begins, and how each gets back what it stood for: `Names`, `Contents`."""

import builtins
import functools
import itertools
import math
import operator
import sys
import types
from collections.abc import Callable, Iterable

import numpy as np

_MISSING = object()
# The code may put something else there.
_all, _len, _map, _zip, _type, _dict, _chain, _is = all, len, map, zip, type, dict, itertools.chain, operator.is_
_copy, _values, _partial = operator.methodcaller("copy"), operator.methodcaller("values"), functools.partial


class Names:
    """The names of some namespaces, and the attributes of some classes and exercises, as they are now. `is_new` says of
    which new names the namespaces are to be rid again."""

    def __init__(self, owners: Iterable[object], is_new: Callable[[str], bool] = lambda name: True) -> None:
        self._owners, self._is_new = [*owners], is_new
        self._now = [one if type(one) is dict else vars(one) for one in self._owners]
        self._before = [*map(_copy, self._now)]

    def put_back(self) -> None:
        """Let each name stand for what it stood for."""
        now, before = self._now, self._before
        if [*_map(_len, now)] == [*_map(_len, before)] and _all(_map(_is, _all_values(now), _all_values(before))):
            return
        for owner, names, old in _zip(self._owners, now, before):
            put, remove, is_new = self._ways(owner)
            for key in old:
                if names.get(key, _MISSING) is not old[key]:
                    put(key, old[key])
            for key in [key for key in names if key not in old and is_new(key)]:
                remove(key)

    def _ways(self, owner):
        """(what sets a name, what removes one, which new ones to remove)"""
        if _type(owner) is _dict:
            return owner.__setitem__, owner.__delitem__, self._is_new
        is_new = _is_own if _type(owner) is _type else _partial(_is_in_the_way, _type(owner))
        return _partial(setattr, owner), _partial(delattr, owner), is_new


def _all_values(namespaces):
    return _chain.from_iterable(_map(_values, namespaces))


def _is_own(name):
    """Whether an attribute of a class is none of Python's, which come when they are first asked for."""
    return not name.startswith("__")


def _is_in_the_way(kind, name):
    """Whether an object's new attribute hides one of its class, other than what is worked out when first asked for."""
    return not isinstance(getattr(kind, name, functools.cached_property), (functools.cached_property, type))


def hides_another(name: str) -> bool:
    """Whether a new name in a module takes the place of a function of Python's. Others are left: modules load parts of
    their own when they are needed."""
    return name in _BUILTINS


_BUILTINS = frozenset(vars(builtins))


class Contents:
    """What the small lists, dictionaries and arrays hold that have names in some namespaces, or lie in one another, as
    they are now."""

    def __init__(self, namespaces: Iterable[dict]) -> None:
        found, waiting = {}, [one for names in namespaces for one in names.values() if id(type(one)) in _HELD]
        while waiting and len(found) < _SMALL:
            one = waiting.pop()
            is_array = type(one) is np.ndarray
            if id(one) not in found and (one.size if is_array else len(one)) <= _SMALL:
                found[id(one)] = one, _HELD[id(type(one))](one)
                if not is_array:
                    waiting += [entry for entry in _entries(one) if id(type(entry)) in _HELD]
        self._before = list(found.values())

    def put_back(self) -> None:
        """Let each hold what it held."""
        for one, before in self._before:
            if _type(one) is np.ndarray:
                if one.shape == before.shape and one.flags.writeable and one.tobytes() != before.tobytes():
                    one[...] = before
            elif _len(one) != _len(before) or not _all(_map(_is, _entries(one), _entries(before))):
                one.clear()
                one.extend(before) if _type(one) is list else one.update(before)


_SMALL = 1000  # entries, and things; larger ones take too long to copy at every check
_HELD = {
    id(kind): kind.copy for kind in (list, dict, np.ndarray)
}  # a kind of the student's may have a `hash` of its own


def _entries(one):
    """The entries of a list; the keys of a dictionary and its values, in a row."""
    return one if _type(one) is list else _chain(one, one.values())


# ------------------------------------------------------------------------------------------ whose names

# What decides whether an answer is right; what only finds its cause is not watched, that takes half a millisecond more.
_JUDGING = (
    *(f"helpers.checking.{name}" for name in ("values", "answers", "extremes", "feedback", "sandbox", "surroundings")),
    *("helpers.checking.namespaces", "helpers.checking.entries.tables", "helpers.checking.entries.gradients"),
    *("helpers.exercises", "helpers.formulas.evaluate", "helpers.functions", "helpers.challenges", "helpers.check_log"),
)
_FURTHER = ("numpy.linalg", "numpy.random", "IPython")  # used without a name in those modules


@functools.lru_cache(maxsize=1)
def _judging(_number_of_modules):
    own = [module for name, module in sys.modules.items() if name.startswith(_JUDGING) and module is not None]
    classes = [
        one
        for module in own
        for one in vars(module).values()
        if type(one) is type and one.__module__ == module.__name__ and not issubclass(one, BaseException)
    ]
    return [*(vars(module) for module in (builtins, math, np, *own)), *classes]


def judging() -> list:
    """The namespaces of the modules that judge, and their classes."""
    return _judging(len(sys.modules))


@functools.lru_cache(maxsize=1)
def _used(_number_of_modules):
    own = [module for name, module in sys.modules.items() if name.startswith(_JUDGING) and module is not None]
    found = [one for module in own for one in vars(module).values() if type(one) is types.ModuleType and one is not sys]
    found += [sys.modules[name] for name in _FURTHER if type(sys.modules.get(name)) is types.ModuleType]
    seen = {id(one) for one in judging() if type(one) is dict}
    return [*{id(module): vars(module) for module in found if id(vars(module)) not in seen}.values()]


def used() -> list:
    """The namespaces of the modules that those use."""
    return _used(len(sys.modules))


class Modules:
    """Which modules are loaded, as it is now."""

    def __init__(self) -> None:
        self._before = sys.modules, sys.modules.copy()

    def put_back(self) -> None:
        """Let each be loaded that was."""
        modules, before = self._before
        # What was loaded meanwhile stands behind the others.
        if _len(modules) < _len(before) or not _all(_map(_is, before.values(), modules.values())):
            modules.update(before)


def names_of(answer: object) -> list[dict]:
    """The namespaces of the notebook, and of the functions in an answer. Nothing of the student's is called."""
    main = sys.modules.get("__main__")
    found = {id(vars(main)): vars(main)} if isinstance(main, types.ModuleType) else {}
    kind = type(answer)
    several = answer.values() if kind is dict else answer if kind is list or kind is tuple else (answer,)
    for one in [*several][:100]:
        while type(one) is functools.partial or type(one) is types.MethodType:
            one = one.func if type(one) is functools.partial else one.__func__
        if type(one) is types.FunctionType:
            found[id(one.__globals__)] = one.__globals__
    return list(found.values())
