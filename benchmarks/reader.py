"""How fast formulas are read, and that no text is too much. Run: python benchmarks/reader.py [seconds of the fuzzer]

Prints the time for the course's own formulas beside Python's parser (which reads one notation), the slowest of the texts
that a fuzzer makes of the pieces of all notations, and what ten million random bytes bring about. Processor time.
"""

import ast
import pathlib
import random
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from helpers.assignments import questions  # noqa: E402
from helpers.exercises.formula_question import Question  # noqa: E402
from helpers.formulas.reader import Formula  # noqa: E402
from helpers.formulas.text import MAX_LENGTH, FormulaError  # noqa: E402
from tests.unit.test_reader import ARRAYS, SCALARS, fuzzed  # noqa: E402

RANDOM_BYTES = 10_000_000


def own_formulas():
    """(text, names) of every formula of the questions."""
    for question in questions.values():
        if isinstance(question, Question):
            for text in [question.answer, *(step.text for step in question.steps)]:
                yield text, question.vocabulary


def seconds(function, *arguments):
    started = time.process_time()
    try:
        result = function(*arguments)
    except (FormulaError, SyntaxError):
        result = None
    return time.process_time() - started, result


def fuzz(until):
    times, read, made = [], 0, random.Random(0)
    started = time.monotonic()
    while time.monotonic() - started < until:
        text = fuzzed(made)
        for vocabulary in (SCALARS, ARRAYS):
            took, formula = seconds(Formula, text, vocabulary)
            if took > 0.05:  # was it the text, or the garbage collector?
                took = min(took, *(seconds(Formula, text, vocabulary)[0] for _ in range(2)))
            times.append((took, text[:30]))
            read += formula is not None
    return times, read


def random_bytes():
    """The number of texts that are formulas; whatever is no FormulaError is raised."""
    made, formulas, left = random.Random(1), 0, RANDOM_BYTES
    while left > 0:
        size = made.choice((10, 100, 1000, MAX_LENGTH))
        text = made.randbytes(size).decode(made.choice(("latin-1", "utf-8", "utf-16-le")), "replace")
        left -= size
        try:
            Formula(text, SCALARS)
            formulas += 1
        except FormulaError:
            pass
    return formulas


def main():
    texts = list(own_formulas())
    ours = statistics.median(seconds(Formula, text, names)[0] for text, names in texts for _ in range(3))
    python = statistics.median(seconds(ast.parse, text, "", "eval")[0] for text, _ in texts for _ in range(3))
    print(
        f"{len(texts)} formulas of the questions: {1e6 * ours:.0f} µs each, {ours / python:.1f} times Python's parser"
    )
    times, read = fuzz(float(sys.argv[1]) if len(sys.argv) > 1 else 20)
    slowest, text = max(times)
    print(
        f"{len(times)} texts of a fuzzer, {read} of them formulas: slowest {1000 * slowest:.0f} ms, {text!r}…   (goal: 100 ms)"
    )
    print(f"{RANDOM_BYTES:,} random bytes: nothing raised but sentences, {random_bytes()} formulas")


if __name__ == "__main__":
    main()
