"""Exercises that ask for a numerical tool: a function that differentiates whatever function it is given.

question.check(my_central)                              # my_central(f, x, h): tried on several functions
question.check(lambda x, h: my_central(np.sin, x, h))   # on the question's own function only
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from helpers.checking.answers import Answer, calling
from helpers.checking.feedback import Recognition
from helpers.checking.values import Unusable, agree, is_sympy, plain_numbers, shape_in_words
from helpers.exercises.exercise import Reasons
from helpers.exercises.formula_question import Question

_ROUNDING = 1e-12  # w + h − 2h + h is w up to this
_FIRST_NAMES = {(name,) for name in ("f", "F", "J", "func", "fun", "function", "fn")}


@dataclass(eq=False, repr=False)
class ToolQuestion(Question):
    """A Question that asks for a tool, a function of a function and of the parameters.

    given      the name of the tool's first argument, the function: "f"
    own        (in words, the function) for which `answer` is what the tool gives
    others     further functions, by what they are in words, on which the tool is tried when it is right for `own`
    right      the right tool
    why        sentences for the solution: what the tool rests on
    """

    _: KW_ONLY
    given: str
    own: tuple[str, Callable]
    others: Mapping[str, Callable]
    right: Callable
    why: Sequence[str]

    notation = ()  # it is written in Python

    @property
    def solution(self) -> Reasons:
        """What the tool rests on."""
        return Reasons(self.why)

    @property
    def tool_signature(self) -> str:
        """What the tool is called with: "(f, x, h)"."""
        return f"({', '.join((self.given, *self.parameters))})"

    @property
    def form(self) -> str:
        """What to answer with, for those who read the task."""
        return f"a function of `{self.tool_signature}`"

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.tool_signature}"

    def _own_function(self, answer):
        """The tool; None for a function that has the question's own function inside."""
        is_tool = callable(answer) and len(_named_parameters(answer)) > len(self.parameters)
        return super()._own_function(answer) if is_tool else None

    def _course_function(self):
        return self.right

    def _check(self, raw):
        names = _named_parameters(raw)
        if len(names) > len(self.parameters) or names[:1] in _FIRST_NAMES:
            return self._tried_on_all(raw)
        return self._tried(_Trial(self, raw)) if names else super()._check(raw)

    def _tried(self, trial):
        """The Feedback on one trial with the question's own function."""
        feedback = super()._check(trial.call)
        found = self._changes(trial) if trial.changed else None
        if feedback.status == "wrong" and trial.given and feedback.mistake not in {each.id for each in self.mistakes}:
            found = found or self._at_the_wrong_places(trial.given.moves)
            if feedback.mistake == "unknown":
                found = found or self._with_another_step(trial.given)
        return self._wrong(found, printed=feedback.printed) if found else feedback

    def _at_the_wrong_places(self, moves):
        """What the places say at which the tool calls its function; None if nothing."""
        f, x = self.given, self.parameters[0]
        vectors = bool(self.shapes[x])
        moved = [np.abs(move) > (_ROUNDING if vectors else 0) for move in moves]
        if moved and not any(map(np.any, moved)):
            return Recognition(
                "not_moved",
                f"`{f}` is called at {x} alone, in every call. "
                + (
                    f"If you wrote `plus = {x}`: that makes no copy, both names are the same array."
                    if vectors
                    else f"The step belongs into the argument, inside the brackets of `{f}(…)`."
                ),
            )
        if any(np.sum(move) > 1 for move in moved):
            return Recognition(
                "several_moved",
                f"`{f}` is called with several components moved at once; each partial derivative moves only one.",
                "Begin with a new step of zeros for each component, or put the old value back.",
            )
        if vectors and moved and not any(np.any(move[1:]) for move in moved):
            return Recognition(
                "first_only",
                f"`{f}` is called for the first component only. Does `return` stand inside the loop?",
                "The line with `return` comes after the loop, and begins where `for` begins.",
            )
        return None

    def _with_another_step(self, given):
        """What is wrong where no call of the function is h away from where the tool is called, other than at 0."""
        far = [(np.max(np.abs(move)), step) for move, step in zip(given.moves, given.steps, strict=True)]
        far = [(size, step) for size, step in far if size > _ROUNDING]
        if not far or any(np.isclose(size, step, rtol=1e-6) for size, step in far):
            return None
        f, (x, h), (size, step) = self.given, self.parameters, far[0]
        text = f"With {h} = {step:g} `{f}` is called at places {size:.3g} away from {x}; the task takes them {h} away."
        return Recognition("other_step", text)

    def _tried_on_all(self, tool):
        trial = _Trial(self, tool, self.own[1])
        feedback = self._tried(trial)
        if not feedback:
            return feedback
        found = None if trial.given.moves else self._never_called()
        for words, function in self.others.items():
            found = found or self._on_another(tool, words, function)
        return self._wrong(found, printed=feedback.printed) if found else feedback

    def _on_another(self, tool, words, function):
        """What is wrong with the tool on another function; None if nothing is."""
        trial = _Trial(self, tool, function)
        got, _ = Answer(self, trial.call).values(self.points)
        if trial.changed:
            return self._changes(trial)
        wanted = [np.asarray(self.right(function, *point.values()), dtype=float) for point in self.points]
        if agree(plain_numbers(got, wanted), wanted, self.rtol):
            return None
        return Recognition(
            "one_function_only",
            f"That is right for {self.own[0]}, but not for another function, {words}.",
            f"All values must come from calls of `{self.given}`, and at the right places.",
        )

    def _never_called(self):
        return Recognition(
            "never_called",
            f"Your function does not call `{self.given}`. The values are right for {self.own[0]}, but for another "
            "function it would give the same.",
            f"`{self.given}` is a function: call it where the task does.",
        )

    def _changes(self, trial):
        name = next(name for name in self.parameters if name in trial.changed)
        return Recognition(
            "changes_argument",
            f"Your function changes its argument `{name}`: whoever calls it finds other numbers in it afterwards, and "
            f"`{self.given}` may be taken at the wrong places. `{name}` must be the same afterwards as before.",
            f"`{name} + step` makes a new array; `{name}[j] += h` changes the caller's.",
        )


def _named_parameters(function):
    """The names of what a student's function takes; () for what is no function, or takes any number of arguments."""
    if not callable(function) or isinstance(function, (type, np.ndarray, np.ufunc)) or is_sympy(function):
        return ()
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return tuple(parameter.name for parameter in parameters if parameter.kind not in several)


class _Trial:
    """A student's tool on one function (or, without a function, what was handed in for the question's own one).

    call      a function of the question's parameters, as other answers are
    given     the function as the tool gets it, a _Given
    changed   names of the arguments that a call has left changed by more than a rounding error
    """

    def __init__(self, question: ToolQuestion, tool: Callable, function: Callable | None = None) -> None:
        self.question, self.changed = question, set()
        self.given = None if function is None else _Given(function, question)
        run = tool if self.given is None else self._with_the_function(tool)

        @functools.wraps(tool)
        def call(*values, **by_name):
            copies = [np.copy(value)[()] for value in values]
            named = {name: np.copy(value)[()] for name, value in by_name.items()}
            result = run(*copies, **named)
            self._compare(dict(zip(question.parameters, values, strict=False)) | by_name, copies, named)
            return result

        if self.given is not None:
            kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
            call.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in question.parameters])
        self.call = call

    def _with_the_function(self, tool):
        """The tool as a function of the question's parameters."""
        question = self.question
        names = (question.given, *question.parameters)
        caller = calling(tool, SimpleNamespace(parameters=names, signature=question.tool_signature))

        def run(*values):
            self.given.start, self.given.step = np.copy(values[0]), float(values[1])
            return caller(dict(zip(names, (self.given, *values), strict=True)))

        return run

    def _compare(self, before, copies, named):
        after = dict(zip(self.question.parameters, copies, strict=False)) | named
        for name, value in before.items():
            same = np.shape(value) == np.shape(after[name])
            if not same or not np.allclose(value, after[name], rtol=_ROUNDING, atol=_ROUNDING):
                self.changed.add(name)


class _Given:
    """A function as a student's tool gets it. It says so where it is not called but used as a number, or where a part
    of an array comes instead of the array.

    start   what the tool is called with; `moves` how far from there the function was called, each time
    step    the step that it is called with; `steps` each time
    """

    def __init__(self, function: Callable, question: ToolQuestion) -> None:
        self.function, self.name, self.argument = function, question.given, question.parameters[0]
        self.start, self.step = np.zeros(()), 0.0
        self.moves, self.steps = [], []

    def __call__(self, *points: Any, **named: Any) -> Any:
        if len(points) != 1 or named:
            what, example = (f"the whole array `{self.argument}`", "") if self.start.ndim else ("one number", " + h")
            came = f"with the name `{next(iter(named))}=`" if named else f"with {len(points)} things"
            text = (
                f"`{self.name}` takes {what}, as in `{self.name}({self.argument}{example})`; here it is called {came}."
            )
            raise Unusable(text, "arguments_of_the_function", "wrong")
        point = points[0]
        if self.start.ndim and np.shape(point) != self.start.shape:
            raise Unusable(
                f"`{self.name}` was called with {shape_in_words(np.shape(point))}, but it needs the whole array "
                f"`{self.argument}`, with one component moved and the other components as they are.",
                "not_the_whole_array",
                "wrong",
            )
        self.moves.append(np.asarray(point) - self.start)
        self.steps.append(self.step)
        return self.function(np.asarray(point) if self.start.ndim else point)

    def _used_as_number(self, *_: Any) -> None:
        example = f"{self.name}({self.argument}{'' if self.start.ndim else ' + h'})"
        raise Unusable(
            f"`{self.name}` is a function, not a number: call it, as in `{example}`.", "function_as_number", "wrong"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _used_as_number
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = __getitem__ = _used_as_number
