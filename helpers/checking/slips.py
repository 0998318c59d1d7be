"""Recognises slips inside the right formula: a + for a −, a lost square, a lost factor, the wrong activation.

The right answer is a syntax tree, so every single slip in it, and in the quantities that it is built from, can be made
on purpose and compared with what came.
"""

import ast
import copy
import itertools

import numpy as np

from helpers.checking.behaviour import only_at_zero
from helpers.checking.cases import Recognition, agree, flat
from helpers.checking.factors import constant_of
from helpers.formulas.text import FormulaError

_HINT = "Compute one value by hand, quantity by quantity, and compare with yours."
_SWAPPED = {"sigma": "tanh", "tanh": "sigma", "sin": "cos", "cos": "sin", "softplus": "sigma"}


def slip(case):
    """One slip in the formula of the answer, or in one of the quantities on the way; if it does not show where an input
    is zero, that is named too."""
    found = (_one_slip(case) or lost_factors(case)) if case.same_shape else None
    if found is None:
        return None
    zero = only_at_zero(case)
    if zero is None:
        return found
    return Recognition(f"{found.mistake}|{zero.mistake}", f"{found.text} {zero.text}", found.hint)


def _one_slip(case):
    question = case.question
    for name in (None, *question.definitions):
        formula = question.answer_formula if name is None else question.definitions[name]
        if name == question.objective:
            continue
        for kind, text, changed in single_slips(formula):
            try:
                values = [_evaluate(question, point, name, changed) for point in case.points]
            except (FormulaError, KeyError):
                continue
            if agree(case.got, values, case.rtol):
                where = f"In the quantity `{name}` " if name else "Somewhere in your formula "
                return Recognition(kind, where + text, _HINT)
    return None


def _evaluate(question, point, name, changed):
    evaluator = question.evaluator(point)
    if name is not None:
        evaluator.definitions = {**evaluator.definitions, name: changed}
    with np.errstate(all="ignore"):
        return np.asarray(evaluator(question.answer_formula if name else changed), dtype=float)


def single_slips(formula):
    """(id, what happened, the Formula with one slip) for every slip that can be made in it."""
    for index, node in enumerate(ast.walk(formula.tree)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield "inner_sign", "a plus and a minus are mixed up.", _with(formula, index, op=other)
            yield "missing_term", "one term of a sum is missing.", _replaced(formula, index, "left")
            yield "missing_term", "one term of a sum is missing.", _replaced(formula, index, "right")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            yield "missing_square", "a power was lost.", _replaced(formula, index, "left")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield "missing_factor", "a factor was lost.", _replaced(formula, index, "left")
            yield "missing_factor", "a factor was lost.", _replaced(formula, index, "right")
        elif isinstance(node, ast.UnaryOp):
            yield "inner_sign", "a minus was lost.", _replaced(formula, index, "operand")
        elif isinstance(node, ast.Call) and len(node.args) == 1:
            if node.func.id in _SWAPPED:
                swapped = ast.Name(_SWAPPED[node.func.id], ast.Load())
                yield (
                    "wrong_function",
                    "another function stands in the place of the right one.",
                    _with(formula, index, func=swapped),
                )
            yield (
                "missing_function",
                "a function is missing: its argument stands there alone.",
                _replaced(formula, index, "args"),
            )


def _copy(formula):
    result = copy.copy(formula)
    result.tree = copy.deepcopy(formula.tree)
    return result


def _with(formula, index, **fields):
    result = _copy(formula)
    node = next(itertools.islice(ast.walk(result.tree), index, None))
    for name, value in fields.items():
        setattr(node, name, value)
    return result


def _replaced(formula, index, field):
    """The formula with the node replaced by one of its own parts."""
    result = _copy(formula)
    target = next(itertools.islice(ast.walk(result.tree), index, None))
    part = getattr(target, field)
    part = part[0] if isinstance(part, list) else part

    class Replace(ast.NodeTransformer):
        def visit(self, node):
            return part if node is target else self.generic_visit(node)

    result.tree = Replace().visit(result.tree)
    return result


def lost_factors(case):
    """Several factors of the right product are missing at once."""
    factors = []
    for factor in _factors(case.question.answer_formula.tree):
        formula = _copy(case.question.answer_formula)
        formula.tree = factor
        values = [case.question.evaluate(formula, point) for point in case.points]
        if all(v.shape in ((), t.shape) for v, t in zip(values, case.truth, strict=False)):
            factors.append(flat([np.broadcast_to(v, t.shape) for v, t in zip(values, case.truth, strict=False)]))
    with np.errstate(all="ignore"):
        ratio = flat(case.truth) / flat(case.got)
    for count in (2, 3):
        for chosen in itertools.combinations(factors, count):
            c = constant_of(ratio / np.prod(chosen, axis=0))
            if c is not None and np.isclose(abs(c), 1, rtol=1e-4):
                return Recognition(
                    "missing_factors",
                    f"{('Two', 'Three')[count - 2]} factors of the chain are missing.",
                    "Write the chain rule with one factor for each step, and count the factors.",
                )
    return None


def _factors(tree):
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        return _factors(tree.left) + _factors(tree.right)
    return [tree]
