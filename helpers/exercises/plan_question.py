"""Exercises that are answered with a plan: which part of the data does which job.

question.check({"find the weights": "training", …})
"""

from dataclasses import dataclass

from helpers.checking.feedback import Feedback, in_list
from helpers.checking.tables import called
from helpers.checking.values import NOT_ATTEMPTED, Unusable, is_placeholder
from helpers.exercises.exercise import Exercise
from helpers.exercises.reasons import Reasons
from helpers.formulas.text import shorten


@dataclass(frozen=True)
class Job:
    """One job. `part`: the part of the data that does it; `wrong`: for each other part the id of the mistake
    and what is wrong with it; `because`: why the right one is right."""

    name: str
    part: str
    wrong: dict
    because: str


class PlanQuestion(Exercise):
    """A dict job -> part of the data. `jobs` are Jobs; the parts that there are follow from them."""

    def __init__(self, key, title, statement, jobs, hints, section=None):
        super().__init__(key, title, statement, hints, section)
        self.jobs = {job.name: job for job in jobs}
        self.parameters = tuple(self.jobs)
        self.parts = tuple(dict.fromkeys(part for job in jobs for part in (job.part, *job.wrong)))
        self.solution = Reasons(f"{job.name}: {job.part}. {job.because}" for job in jobs)

    @property
    def wanted(self):
        return f"a dictionary with the keys {in_list(self.jobs)}"

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with {self.wanted}"

    @property
    def mistakes(self):
        """(id, text, the plan that leads to it) of every mistake."""
        right = {name: job.part for name, job in self.jobs.items()}
        return [
            (name, text, {**right, job.name: part})
            for job in self.jobs.values()
            for part, (name, text) in job.wrong.items()
        ]

    def check(self, answer):
        """Judge a plan, a dict job -> part; returns a Feedback, never raises."""
        return super().check(answer)

    def _check(self, answer):
        answer, printed = called(answer, self.wanted)
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if not isinstance(answer, dict):
            raise Unusable("error", f"Hand in {self.wanted}.", "unreadable")
        given = {key: part for key, part in answer.items() if not is_placeholder(part)}
        unknown = [key for key in given if key not in self.jobs]
        if unknown:
            raise Unusable(
                "error",
                f"There is no job {shorten(repr(unknown[0]), 40)}; the jobs are {in_list(self.jobs)}.",
                "unknown_name",
            )
        words = {name: str(part).strip().lower() for name, part in given.items()}
        for name, word in words.items():
            if word not in self.parts:
                raise Unusable(
                    "error",
                    f"For {name!r} write one of {in_list(self.parts)}, not {shorten(repr(given[name]), 30)}.",
                    "unknown_part",
                )
        for name, job in self.jobs.items():
            if name in words and words[name] != job.part:
                mistake, text = job.wrong[words[name]]
                return Feedback("wrong", self._leading_on(_Found(mistake, text)), mistake, printed=printed)
        missing = [name for name in self.jobs if name not in words]
        if missing:
            return Feedback("wrong", f"Right so far. Still open: {in_list(missing)}.", "incomplete", printed=printed)
        self._times_seen.clear()
        return Feedback("correct", "That is right: every part of the data does its own job.", printed=printed)


@dataclass(frozen=True)
class _Found:
    mistake: str
    text: str
    hint: str = ""
