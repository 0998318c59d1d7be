"""Prints the syntax tree of a formula (`helpers.formulas.text`) as LaTeX, in the order in which it was written."""

from __future__ import annotations

import ast
import re

from helpers.formulas.evaluate import NUMPY
from helpers.formulas.known import KNOWN, SPELLINGS
from helpers.formulas.reader import Formula
from helpers.formulas.shapes import Shape, shape_of
from helpers.formulas.text import FormulaError

GREEK = {name: rf"\{name}" for name in ("rho", "sigma", "eta", "delta", "theta")}
GREEK |= {"lam": r"\lambda", "rhohat": r"\hat\rho", "yhat": r"\hat y"}
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # how tightly a piece of LaTeX holds together


def function_to_latex(name: str) -> str:
    """`sigma` becomes `\\sigma`, `relu` becomes `\\operatorname{ReLU}`."""
    if name not in NUMPY.functions:
        raise FormulaError(f"no LaTeX for the function {name}")
    known = KNOWN.get(SPELLINGS.get(name, name))
    return known.latex if known and known.latex else rf"\operatorname{{{name}}}"


def name_to_latex(name: str) -> str:
    """`w1` becomes `w_1`, `h21` becomes `h_{21}`, `rhohat` becomes a hatted rho."""
    if name in GREEK:
        return GREEK[name]
    if name.endswith("_new"):
        old = name_to_latex(name.removesuffix("_new"))
        return old[:-1] + r"\,\text{new}}" if old.endswith("]}") else old + r"^{\text{new}}"
    match = re.fullmatch(r"([a-z])(\d+)_(\d)", name)  # a layer: the weight w21 of layer 2
    if match:
        return f"{match[1]}_{{{match[2]}}}^{{[{match[3]}]}}"
    match = re.fullmatch(r"([a-z]+)_([a-z]+)", name)  # a word below: the yhat of ReLU
    if match and match[1] in GREEK:
        return rf"{GREEK[match[1]]}_{{\text{{{match[2]}}}}}"
    match = re.fullmatch(r"([A-Za-z]+?)_?(\d+)", name)
    if match:
        letters, digits = match.groups()
        return f"{GREEK.get(letters, letters)}_{digits if len(digits) == 1 else f'{{{digits}}}'}"
    return name if len(name) == 1 else rf"\mathrm{{{name}}}"


def to_latex(formula: Formula, shapes: dict[str, Shape] | None = None, labels: dict[str, str] | None = None) -> str:
    """The LaTeX of a Formula. `shapes` (name to tuple of size letters) tells vectors and matrices from
    numbers, so that `w @ x` is printed as a product with a transpose and `a * b` of two vectors with a ⊙.
    `labels` gives the LaTeX of names that are not to be printed as usual."""
    return _Printer(shapes or {}, labels or {}).piece(formula.tree)[0]


def with_numbers(formula: Formula, values: dict[str, float]) -> str:
    """The LaTeX of a Formula of numbers in which every name is replaced by its value."""
    return _NumberPrinter(values).piece(formula.tree)[0]


def number_to_latex(value: float, digits: int = 6) -> str:
    """A number with at most `digits` significant digits; powers of ten as such."""
    text = f"{float(value) + 0.0:.{digits}g}"  # no −0
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


class _Printer:
    def __init__(self, shapes, labels=()):
        self.shapes, self.labels = shapes, dict(labels)

    def piece(self, node):
        """(LaTeX, how tightly it holds together)"""
        return getattr(self, "print_" + type(node).__name__)(node)

    def at_least(self, node, tightness):
        text, own = self.piece(node)
        return text if own >= tightness else rf"\left({text}\right)"

    def rank(self, node):
        return len(shape_of(node, self.shapes))

    def print_Name(self, node):
        return self.labels.get(node.id) or name_to_latex(node.id), ATOM

    def print_Constant(self, node):
        return str(node.value), ATOM

    def print_UnaryOp(self, node):
        return "-" + self.at_least(node.operand, PRODUCT), SUM

    def print_Subscript(self, node):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        letters = shape_of(node.value, self.shapes)
        # the only row of W2 as a vector is W2 transposed; the only entry needs no index
        if letters[:1] == ("1",):
            parts = parts[1:]
            if not parts:
                text, tightness = self.piece(node.value)
                return (self.at_least(node.value, ATOM) + r"^\top", POWER) if len(letters) == 2 else (text, tightness)
        below = "".join(self.piece(part)[0] for part in parts)
        base = self.at_least(node.value, ATOM)
        # no double subscripts
        return f"({base})_{{{below}}}" if "_" in base else f"{base}_{{{below}}}", ATOM

    def print_Attribute(self, node):
        return self.transposed(node.value), POWER

    def transposed(self, node):
        """A factor with ⊤; what is a transpose already, such as W2[0], loses its ⊤ instead."""
        text, tightness = self.piece(node)
        plain = text.removesuffix(r"^\top")
        if tightness == POWER and plain != text and r"\top" not in plain:
            return plain
        return self.at_least(node, ATOM) + r"^\top"

    # A leading minus of a product is printed in front of the whole, also in front of a fraction.
    def print_BinOp(self, node):
        if isinstance(node.op, (ast.Mult, ast.Div)):
            negative, node = _pull_sign(node)
            if negative:
                return "-" + self.print_BinOp(node)[0], SUM
        return getattr(self, "print_" + type(node.op).__name__)(node.left, node.right)

    def print_Add(self, left, right):
        return f"{self.piece(left)[0]} + {self.at_least(right, PRODUCT)}", SUM

    def print_Sub(self, left, right):
        return f"{self.piece(left)[0]} - {self.at_least(right, PRODUCT)}", SUM

    def print_Div(self, above, below):
        return rf"\frac{{{self.piece(above)[0]}}}{{{self.piece(below)[0]}}}", SIGN

    def print_Mult(self, left, right):
        before, after = self.at_least(left, PRODUCT), self.at_least(right, PRODUCT)
        if self.rank(left) and self.rank(right):
            before = self.piece(left)[0] if r" \odot " in self.piece(left)[0] and _is(left, ast.Mult) else before
            return rf"{before} \odot {after}", SUM  # brackets around it inside any other product
        if after[0].isdigit() or r"\partial" in before + after or _is(_last_factor(left), ast.Div):
            sign = r" \cdot "
        else:
            sign = r"\," if before[-1].isalnum() or before[-1] in "})" else ""
        return before + sign + after, PRODUCT

    def print_MatMult(self, left, right):
        before, after = self.at_least(left, PRODUCT), self.at_least(right, PRODUCT)
        if self.rank(left) == 1 and not isinstance(left, ast.BinOp):  # w^T A B: only the first is transposed
            before = self.transposed(left)
        return rf"{before}\,{after}", PRODUCT

    def print_Pow(self, base, exponent):
        above = self.piece(exponent)[0]
        if isinstance(base, ast.Call) and not hasattr(self, "call_" + base.func.id) and above.isdigit():
            return f"{function_to_latex(base.func.id)}^{{{above}}}{self.bracketed(base.args)}", POWER
        return f"{self.at_least(base, ATOM)}^{{{above}}}", POWER

    def bracketed(self, arguments):
        return rf"\left({', '.join(self.piece(argument)[0] for argument in arguments)}\right)"

    def print_Call(self, node):
        name, arguments = node.func.id, node.args
        special = getattr(self, "call_" + name, None)
        if special:
            return special(*arguments)
        return function_to_latex(name) + self.bracketed(arguments), ATOM

    def print_Compare(self, node):
        sign = {ast.Lt: "<", ast.Gt: ">", ast.LtE: r"\le", ast.GtE: r"\ge"}[type(node.ops[0])]
        return f"{self.piece(node.left)[0]} {sign} {self.piece(node.comparators[0])[0]}", SUM

    def call_where(self, condition, yes, no):
        (yes, _), (no, _), (when, _) = self.piece(yes), self.piece(no), self.piece(condition)
        return rf"\begin{{cases}} {yes} & \text{{if }} {when} \\ {no} & \text{{otherwise}} \end{{cases}}", SUM

    def call_exp(self, exponent):
        return f"e^{{{self.piece(exponent)[0]}}}", POWER

    def call_sqrt(self, inside):
        return rf"\sqrt{{{self.piece(inside)[0]}}}", ATOM

    def call_abs(self, inside):
        return rf"\left|{self.piece(inside)[0]}\right|", ATOM

    def call_sum(self, vector, axis=None):
        if axis is not None:  # sum(X, 0): over the rows
            matrix = self.at_least(vector, ATOM)
            return (rf"{matrix}^\top \mathbf 1" if axis.value == 0 else rf"{matrix}\,\mathbf 1"), PRODUCT
        return rf"\mathbf 1^\top {self.at_least(vector, SIGN)}", PRODUCT

    def call_ones_like(self, like):
        return r"\mathbf 1", ATOM

    def call_outer(self, column, row):
        return rf"{self.at_least(column, SIGN)}\,{self.transposed(row)}", PRODUCT

    def call_row(self, vector):
        return self.at_least(vector, ATOM) + r"^\top", POWER

    def call_Sum(self, index, body):
        return rf"\sum_{{{index.id}}} {self.at_least(body, PRODUCT)}", PRODUCT

    def call_diff(self, function, variable):
        above, below = self.piece(function), self.piece(variable)[0]
        if isinstance(function, (ast.Name, ast.Subscript)):
            return rf"\frac{{\partial {above[0]}}}{{\partial {below}}}", SIGN
        return rf"\frac{{\partial}}{{\partial {below}}}{self.at_least(function, ATOM)}", SIGN

    def call_grad(self, function, variable):
        return rf"\nabla_{{{self.piece(variable)[0]}}} {self.at_least(function, ATOM)}", SIGN


def _is(node, operation):
    return isinstance(node, ast.BinOp) and isinstance(node.op, operation)


def _last_factor(node):
    return _last_factor(node.right) if _is(node, ast.Mult) else node


def _pull_sign(node):
    """(whether the product or fraction starts with a minus, the same without it)"""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return True, node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        negative, left = _pull_sign(node.left)
        return negative, ast.BinOp(left, node.op, node.right) if negative else node
    return False, node


class _NumberPrinter(_Printer):
    """Prints the value of each name; negative numbers and powers of ten in brackets."""

    def __init__(self, values):
        super().__init__({})
        self.values = values

    def print_Name(self, node):
        text = number_to_latex(self.values[node.id])
        return text, SUM if text[0] == "-" or "cdot" in text else ATOM

    def print_Mult(self, left, right):
        return rf"{self.at_least(left, PRODUCT)} \cdot {self.at_least(right, PRODUCT)}", PRODUCT
