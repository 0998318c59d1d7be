"""Hypotheses on gradients: changes of the lines that a function works out, and what people do to one gradient.

A cause is named only if it gives all components at every point, and leaves the gradients that are right as they are.
"""

import ast

import numpy as np

from helpers.checking.entries.change_words import Words
from helpers.checking.entries.tables import EntriesCase
from helpers.checking.feedback import Found, Recognition, are, recognised
from helpers.checking.sentences import say
from helpers.checking.values import agree, flat


def changed_lines(case: EntriesCase, names: list[str] | None = None) -> Found:
    """A change of the working that explains all that is off and leaves the rest right; or these entries alone, if it was
    made in their own lines."""
    question, off = case.question, names or case.off
    working, own = question.working, {question.entries[name] for name in off}
    of = {line: name for name, line in question.entries.items() if line != name}
    words = Words(of, {}, called=question.called)
    for change in sorted(working.changes, key=lambda change: change.cost):
        reached = own == set(change.lines) if names else own <= working.affected(change.lines)
        if reached and _foretells(case, change, [*off, *([] if names else case.right)]):
            # What else foretells it at points that are none of them special is the same in other words.
            text = words.sentence(change)
            return Recognition(change.mistake, text if names else f"{are(off)} off. {text}", words.hint(change), text)
    return None


def _foretells(case, change, names):
    """Whether a change gives what came, at every point."""
    eta = 1.0
    for i, mine in case.tables.items():
        try:
            table = case.question.values(case.question.points[i], change.formulas)
        except Exception:  # shapes that do not fit: nobody's code comes to an end with it
            return False
        if change.mistake == "updated":  # by how much the new values differ from the old ones nobody says
            eta = _share(mine, case.truth[i], table, names) if i == next(iter(case.tables)) else eta
            table = {name: case.truth[i][name] + eta * (table[name] - case.truth[i][name]) for name in names}
        if abs(eta) < 1e-6 or not all(_same(mine[name], table[name], case.question.rtol) for name in names):
            return False
    return True


def _same(got, wanted, rtol):
    return agree([got.reshape(wanted.shape) if got.size == wanted.size == 1 else got], [wanted], rtol)


def _share(mine, right, moved, names):
    """How far the answer lies on the way from the right values to others."""
    way = flat([moved[name] - right[name] for name in names])
    gone = flat(
        [mine[name].reshape(right[name].shape) - right[name] for name in names if mine[name].size == right[name].size]
    )
    return float(way @ gone / (way @ way)) if way.shape == gone.shape and way.any() else 0.0


def habit(case: EntriesCase, name: str) -> Found:
    """What people do to one gradient: the weight itself for what stands beside it, the input in that of a bias, the
    parameter as a factor."""
    words = Words({}, {})
    letter, number = name[:1], name[1:]
    weight, bias = "W" + number, "b" + number
    wanted = [("own_factor", "", lambda point, right: right[name] * point[name])]
    if name not in case.question.parameters:  # a quantity on the way
        return None
    if {weight, bias} <= set(case.question.entries):
        line = case.question.working.formulas[case.question.entries[weight]].tree
        beside = words.things(
            [node for node in ast.walk(line) if isinstance(node, ast.Name) and node.id[0] in "aAxX"][:1]
        )

        def per_row(right):
            return np.reshape(right[bias], (-1, 1))

        def alone(point, right):
            return np.ones(np.shape(point[name])) * per_row(right)

        if letter == "W":
            wanted.append(("own_weight", beside, lambda point, right: point[name] * per_row(right)))
            wanted.append(("missing_factor.gradient", beside, alone))
        elif letter == "b":
            wanted.append(("input_in_bias", beside, lambda point, right: right[weight].sum(axis=1)))
            for column in range(min(np.shape(case.question.points[i][weight])[1] for i in case.tables)):
                wanted.append(("input_in_bias", beside, lambda point, right, j=column: right[weight][:, j]))
    for sentence, beside, values in wanted:
        with np.errstate(all="ignore"):
            tables = {i: np.asarray(values(case.question.points[i], case.truth[i])) for i in case.tables}
        if agree(case.got(name), list(tables.values()), case.question.rtol):
            return recognised(sentence, name=name, beside=beside)
    return None


def what_to_print(case: EntriesCase, name: str) -> str:
    """Where to go on with a gradient of which nothing is known: the line that it is made in, and which of its parts are
    right already, since a gradient that is right rests on them."""
    question = case.question
    working, line = question.working, question.entries[name]
    right = {each for other in case.right for each in working.depends(question.entries[other])}
    while len(working.formulas[line].names & set(working.formulas)) == 1 and not _is_made(working, line):
        line = next(iter(working.formulas[line].names & set(working.formulas)))
    parts = [each for each in working.formulas if each in working.formulas[line].names]
    sure = [each for each in parts if each in right]
    if not parts:
        return ""
    words = Words({}, {}, called=question.called)
    itself = "" if line in question.entries.values() else f"{words.names([line])} and "
    text = say("to_print", itself=itself, parts=words.names(parts))
    is_ = "is" if len(sure) == 1 else "are"
    return f"{text} {say('already_right', names=words.names(sure), is_=is_)}" if sure else text


def _is_made(working, line):
    """Whether more happens in a line than that another one gets a name."""
    return not isinstance(working.formulas[line].tree, ast.Name)
