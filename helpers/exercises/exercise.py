"""What every kind of exercise has in common: a check that never raises and is remembered, mistakes that lead on to
nearer hints, a solution that is folded away."""

import contextlib
import functools
import html
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple

import numpy as np

from helpers import check_log
from helpers.checking import sandbox
from helpers.checking.answers import explained
from helpers.checking.feedback import Feedback, as_code, in_list
from helpers.checking.namespaces import names_of
from helpers.checking.python_slips import as_it_is
from helpers.checking.surroundings import Refused
from helpers.checking.values import NotAttempted, Unusable, is_placeholder
from helpers.errors import InputError

Point = dict[str, Any]  # the arguments of one call by the names of the parameters: floats and arrays
RTOL = 2e-5  # admits float32 arithmetic with a little cancellation; the mistakes are off by 1e-2 and more


LINES = ".lines"  # behind a question's key: its derivation in lines
LINES_MINUTES = 18  # what a derivation in lines takes a student


class Task(NamedTuple):
    """One thing to do in a notebook, a line in the list of progress."""

    key: str
    title: str
    anchor: str
    minutes: int
    optional: bool


class Mistake:
    """A mistake that students make.

    id     its name in the tests and in what is remembered
    what   which kind of mistake it is, in one or two sentences
    ways   the wrong answers that it leads to, written as the exercise's right answer is: a formula, a function, the
           changed lines of a Working; several of them if it comes about in several ways
    hint   where to look (optional)
    """

    def __init__(self, id: str, what: str, *ways: Any, hint: str = ""):
        self.id, self.what, self.ways, self.hint = id, what, ways, hint


@dataclass(eq=False, repr=False)
class Exercise:
    """The base of all exercises.

    key, title   the task's key and its name
    statement    the task in one or two sentences, `$…$` for mathematics
    hints        gentle first
    section      the heading of its section in the notebook, where that is not the title
    remark       a sentence added when the answer is right
    optional     whether it stands on a side path of its notebook
    minutes      what it takes a student; 0: as its kind usually does
    lines        "core" or "optional" where the notebook also asks for a derivation in lines
    course       a right answer as a function in plain NumPy, for `use`: where a kind's own works formulas out, it is slow

    A kind of exercise defines

    _check(answer)   a Feedback; may raise Unusable, and anything else that a strange answer brings about
    parameters       the names of what an answer is a function of, or of the parts of an answer
    mistakes         the known ones, each with its `id` and `what`
    solution         an object with `to_html()`
    wanted           what to hand in, for the message on an answer that cannot be read
    _course_function, _own_function   what `use` gives, where the answer is a function
    form             the same where the exercise is shown, if that is something shorter
    notation         how formulas may be written in it, pairs (notation, an example)
    """

    key: str
    title: str
    statement: str
    _: KW_ONLY
    hints: tuple[str, ...] = ()
    section: str = ""
    remark: str = ""
    optional: bool = False
    minutes: int = 0
    lines: str = ""
    course: Callable | None = None

    usual_minutes = 10
    wanted = "an answer of the kind that is asked for"
    mistakes = ()
    notation = ()

    def __post_init__(self):
        self.section = self.section or self.title
        self._times_seen = Counter()
        self.minutes = self.minutes or self.usual_minutes
        self._theirs = None  # the student's own answer as a function, once it is right

    def check(self, answer: Any, record: bool = True) -> Feedback:
        """Compare an answer with the right one; returns a Feedback, never raises.

        With `record=False` the check leaves the progress as it is: for an answer that is not the student's own.
        """
        return self._guarded(lambda: self._check(answer), answer, remember=record)

    def check_steps(self, lines: Any, record: bool = True) -> Feedback:
        """For exercises without a derivation of the student's own: says what to do instead."""
        return Feedback(
            "error", f"This exercise has no lines to check: hand in {self.wanted} with `check`.", "no_steps"
        )

    def use(self) -> Callable:
        """The student's own function once `check` has found it right, the course's until then; prints which of them.

        It is called as the check calls it. Raises InputError (a ValueError) where no function is asked for.
        """
        if self._theirs is not None:
            print(f"{self.title}: your own function.")
            return self._theirs
        function = self.course or self._course_function()
        print(f"{self.title}: the course's function, until a check finds yours right.")
        return function

    def _course_function(self):
        """A right answer as a function, for `use`."""
        raise InputError(f"{self.title}: there is no function to use; this exercise asks for {self.wanted}.")

    def _own_function(self, answer):
        """A right answer of the student's as a function, for `use`; None where it is none."""
        return answer if callable(answer) else None

    def forget(self) -> None:
        """Forget which mistakes were made so far: every message is as the first time."""
        self._times_seen.clear()

    def _guarded(self, judge, answer, remember=True, task=""):
        """The Feedback of `judge()`, which looks at the answer, whatever happens in it; remembered as progress unless
        told otherwise, of this exercise or of another `task` of it. All that is the student's is called, read and
        shown in the sandbox: objects can loop too."""
        try:
            feedback, _ = sandbox.run(lambda: self._judged(judge), None, names_of(answer), [self])
        except sandbox.Failure as failure:  # the time is up, or the stop button was pressed
            feedback = explained(failure).feedback()
            if failure.kind == "time" and _is_text(answer):
                text = "This takes too long to work out: write it in a simpler form, or in fewer lines."
                feedback = Feedback("error", text, "endless")
        if remember and not task and feedback.status == "correct":
            with contextlib.suppress(Exception):  # a check never raises, whatever object it was handed
                own = self._own_function(as_it_is(answer))
                self._theirs = self._theirs if own is None else own
        if remember:
            check_log.record(self.key + task, feedback.status, feedback.mistake)
        return feedback

    def _judged(self, judge):
        try:
            return judge().plain()
        except Unusable as problem:
            return problem.feedback()
        except (SystemExit, Refused) as problem:
            return explained(sandbox.Failure("exception", problem)).feedback()
        except (sandbox.OutOfTime, KeyboardInterrupt):
            raise
        except BaseException:
            return Feedback("error", f"This answer could not be read. Hand in {self.wanted}.", "unreadable")

    # ------------------------------------------------------------------------------------------ feedback

    def _right(self, *notes, **details):
        """The Feedback on a right answer. `details` as in Feedback."""
        self.forget()
        return Feedback("correct", " ".join(filter(None, ("That is right.", self.remark, *notes))), **details)

    def _wrong(self, found, *notes, **details):
        """The Feedback on a recognised mistake; when the same one comes again, with a nearer hint each time."""
        self._times_seen[found.same or found.mistake] += 1
        times = self._times_seen[found.same or found.mistake]
        ladder = [hint for hint in (found.hint, *self.hints) if hint]
        again = f"Hint: {ladder[min(times - 2, len(ladder) - 1)]}" if ladder and times > 1 else ""
        return Feedback("wrong", " ".join(filter(None, (found.text, again, *notes))), found.mistake, **details)

    # ------------------------------------------------------------------------------------------ showing

    @property
    def form(self) -> str:
        """What to answer with, for those who read the task."""
        return self.wanted

    @property
    def signature(self) -> str:
        """The parameters as they stand behind a function's name: "(w, x, b, y)"."""
        return f"({', '.join(map(str, self.parameters))})"

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with {self.form.replace('`', '')}"

    def _repr_markdown_(self):
        return f"**{self.title}.** {self.statement} Answer with {self.form}."

    @property
    def help(self) -> "Help":
        """Hints and solution for a notebook, each folded."""
        return Help(self)

    @property
    def tasks(self) -> list[Task]:
        """What the notebook asks for, as the list of progress has it: the answer, and the lines where they are asked for."""
        asked = [Task(self.key, self.title, self.anchor, self.minutes, self.optional)]
        if self.lines:
            lines = f"{self.title}, in lines"
            asked.append(Task(self.key + LINES, lines, self.anchor, LINES_MINUTES, self.lines == "optional"))
        return asked

    @property
    def anchor(self) -> str:
        """The link to the question's heading, which says where it is optional: Jupyter turns its spaces into hyphens."""
        return "#" + f"{self.section}{' (optional)' if self.optional else ''}".replace(" ", "-")


@dataclass(eq=False, repr=False)
class EntriesExercise(Exercise):
    """The base of exercises whose answers have several named entries, all of them lines of a Working.

    A kind defines `worked_out(changes=None)`: what comes out, with other formulas in the place of some lines; and the
    `mistakes`, each way a dict of such changes.
    """

    def __post_init__(self):
        super().__post_init__()
        self._mistake_tables = {}

    @functools.cached_property
    def truth(self) -> Any:
        """What is right."""
        return self.worked_out()

    def mistake_tables(self, mistake: Mistake) -> list:
        """What a listed mistake leads to, for each way in which it comes about."""
        if mistake not in self._mistake_tables:
            self._mistake_tables[mistake] = [self.worked_out(way) for way in mistake.ways]
        return self._mistake_tables[mistake]

    def _entry_by_entry(self, case, recognise, notes=(), printed=""):
        """The Feedback on an answer with several entries. `case` knows which of them are right, off and missing."""
        details = {"printed": printed, "entries": case.marks()}
        if case.off:
            return self._wrong(recognise(case), *notes, **details)
        if case.missing:
            so_far = f"Right so far: {in_list(case.right)}. Still missing: {in_list(case.missing)}."
            return Feedback("wrong", " ".join((so_far, *notes)), "incomplete", **details)
        return self._right(*notes, **details)


def _is_text(answer):
    """Whether an answer is a text, or lines of text, in which there is no code of the student's."""
    lines = answer if type(answer) is list or type(answer) is tuple else [answer]
    return all(type(one) is str for one in lines)


def own_function(answer: Any, what: str, name: str = "my_function") -> Callable:
    """The answer, if it is a function; raises Unusable if not. `what` says which function is asked for."""
    if is_placeholder(answer):
        raise NotAttempted
    if isinstance(answer, Exercise) or not callable(answer):
        text = f"Hand in the function itself, as in `check({name})`: {what}."
        raise Unusable(text, "not_a_function")
    return answer


def in_arrays(function: Callable, number: bool = False) -> Callable:
    """A student's function whose results come as later cells compute with them: a list as an array, and one entry as a number
    where all arguments are numbers, or where the answer is a `number` whatever they are."""

    @functools.wraps(function)
    def wrapped(*values, **named):
        result = np.asarray(function(*values, **named))
        alone = result.size == 1 and (number or not any(map(np.ndim, values)))
        return result.reshape(())[()] if alone else result

    return wrapped


def point_of(parameters: Iterable[str], arguments: Iterable[Any]) -> Point:
    """The arguments of one call by the names of the parameters. Raises InputError if there are more or fewer."""
    parameters, arguments = tuple(parameters), tuple(arguments)
    if len(parameters) != len(arguments):
        raise InputError(
            f"{len(arguments)} arguments came; it takes {len(parameters)}, one by one: {', '.join(parameters)}."
        )
    return {
        name: np.array(value, dtype=float) if np.ndim(value) else float(value)
        for name, value in zip(parameters, arguments, strict=True)
    }


class Help:
    """The hints and the solution of an exercise, each folded, for the last line of a cell."""

    def __init__(self, question: Exercise):
        self.question = question

    def __repr__(self):
        return "Hints and a solution: see `question.hints` and `question.solution`."

    def _repr_html_(self):
        folded = [
            f"<details><summary>Hint {number}</summary><p>{as_code(html.escape(hint, quote=False))}</p></details>"
            for number, hint in enumerate(self.question.hints, 1)
        ]
        written = "; ".join(
            f"{notation} <code>{html.escape(example, quote=False)}</code>"
            for notation, example in self.question.notation
        )
        if written:
            folded.append(f"<details><summary>How to write a formula</summary><p>As text, {written}.</p></details>")
        return "".join(folded) + self.question.solution.to_html()


class Reasons:
    """A solution in sentences, for exercises whose solution is no derivation; numbered ones if there is a summary of
    their own. `items` are the sentences as HTML, if that is more than their text."""

    def __init__(self, sentences: Iterable[str], items: Iterable[str] = (), summary: str = ""):
        self.sentences, self._summary = tuple(sentences), summary
        self._items = tuple(items) or [as_code(html.escape(text, quote=False)) for text in self.sentences]

    def __repr__(self):
        return "\n".join(self.sentences)

    def to_html(self) -> str:
        """The sentences as a list, folded."""
        items, tag = "".join(f"<li>{item}</li>" for item in self._items), "ol" if self._summary else "ul"
        summary = html.escape(self._summary or "What the solution rests on")
        return f"<details><summary><b>{summary}</b></summary><{tag}>{items}</{tag}></details>"

    def _repr_html_(self):
        return self.to_html()
