"""Slips that any table of updates can show: in the update itself, and in what was entered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """`many`, `one`: what happened, of several entries and of a single one; `table`: name -> wrong value."""

    id: str
    many: str
    one: str
    table: dict

    def says(self, names):
        return self.one if len(names) == 1 else self.many


_GRADIENTS = (
    "These are the gradients; the new values are asked for: old value minus learning rate times gradient.",
    "This is the gradient; the new value is asked for: old value minus learning rate times gradient.",
)
_STEPS = (
    "These are the steps alone; the new values are asked for.",
    "This is the step alone; the new value is asked for.",
)
_SCALED = (
    "These are η times the gradients; the new values are asked for.",
    "This is η times the gradient; the new value is asked for.",
)
_OLD = (
    "These are the old values: the step has not been taken.",
    "It still has its old value: the step has not been taken.",
)


def other_values(case, table):
    """The Slips that any table can show, made in this one."""
    question = case.question
    eta = question.numbers.get("eta", 1.0)

    def updated(change):
        return {
            name: change(question.old(name), case.measured(name, table[name])) if name in case.updates else table[name]
            for name in table
        }

    def same(text):
        return text, text

    yield Slip(
        "ascent", *same("The gradient has been added instead of subtracted."), updated(lambda old, step: old - step)
    )
    yield Slip("gradient_instead", *_GRADIENTS, updated(lambda old, step: -step / eta))
    yield Slip("step_instead", *_STEPS, updated(lambda old, step: step))
    yield Slip("step_instead", *_SCALED, updated(lambda old, step: -step))
    yield Slip(
        "eta_missing", *same("The learning rate is missing in the update."), updated(lambda old, step: old + step / eta)
    )
    yield Slip("not_updated", *_OLD, updated(lambda old, step: old))
    yield Slip(
        "double_step", *same("The step is twice as long as it should be."), updated(lambda old, step: old + 2 * step)
    )
    yield Slip(
        "half_step", *same("The step is half as long as it should be."), updated(lambda old, step: old + step / 2)
    )
    yield Slip(
        "old_sign",
        *same("The step was taken from the old value with the wrong sign."),
        updated(lambda old, step: -old + step),
    )
    yield Slip("lost_sign", *same("The sign of the value is lost."), {name: -value for name, value in table.items()})
