"""Slips that any table of updates can show: in the update itself, and in what was entered."""


def other_values(case, table):
    """(id, what, wrong table) for the slips that any table can show: in the update, and in what was
    entered."""
    question = case.question
    eta = question.numbers.get("eta", 1.0)

    def updated(change):
        return {name: change(question.old(name), case.measured(name, table[name])) if name in case.updates
                else table[name] for name in table}
    yield "ascent", "The gradient has been added instead of subtracted.", updated(lambda old, step: old - step)
    yield "gradient_instead", ("These are the gradients; the new values are asked for: old value minus learning rate "
                               "times gradient."), updated(lambda old, step: -step / eta)
    yield "step_instead", "These are the steps alone; the new values are asked for.", updated(lambda old, step: step)
    yield "step_instead", ("These are the learning rate times the gradient; the new values are asked for."
                           ), updated(lambda old, step: -step)
    yield "eta_missing", "The learning rate is missing in the update.", updated(lambda old, step: old + step / eta)
    yield "not_updated", "These are the old values: the step has not been taken.", updated(lambda old, step: old)
    yield "double_step", "The step is twice as long as it should be.", updated(lambda old, step: old + 2 * step)
    yield "half_step", "The step is half as long as it should be.", updated(lambda old, step: old + step / 2)
    yield "old_sign", "The step was taken from the old value with the wrong sign.", updated(
        lambda old, step: -old + step)
    yield "lost_sign", "The sign of the value is lost.", {name: -value for name, value in table.items()}
