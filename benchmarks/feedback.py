"""How good and how fast the feedback is. Run: python benchmarks/feedback.py

Prints how many listed mistakes are caught and named by their own id, how many right forms are accepted, the
time of `check` (median and 95th percentile over all questions, right and wrong answers) and of `import
helpers`.
"""

import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "content")]


def import_seconds(statement, repeats=5):
    """The fastest of a few imports in a fresh interpreter, less the start of the interpreter itself."""
    def once(code):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - started
    return min(once(statement) for _ in range(repeats)) - min(once("pass") for _ in range(repeats))


def as_function(question, formula):
    return lambda *values: question.evaluate(formula, dict(zip(question.parameters, values)))


def timed(check, answer):
    started = time.perf_counter()
    feedback = check(answer)
    return feedback, 1000 * (time.perf_counter() - started)


def main():
    print(f"import helpers                      {import_seconds('import helpers'):.2f} s   (goal: 0.6 s)")
    print(f"import the questions, without SymPy "
          f"{import_seconds('from helpers.assignments import questions'):.2f} s")
    loaded = subprocess.run([sys.executable, "-c", ("import sys; from helpers.assignments import questions; "
                             "print('sympy' in sys.modules)")], cwd=ROOT, capture_output=True,
                            text=True, check=True).stdout.strip()
    print(f"SymPy loaded by that                {loaded}")

    from right_forms import RIGHT

    from helpers.assignments import questions
    times, first = {"wrong": [], "right": []}, []
    caught = named = alone = listed = accepted = forms = 0
    for key, question in questions.items():
        first.append(timed(question.check, question.mistakes[0].formula if question.mistakes else True)[1])
        for mistake in question.mistakes:
            feedback, milliseconds = timed(question.check, as_function(question, mistake.formula))
            times["wrong"].append(milliseconds)
            listed += 1
            caught += feedback.status == "wrong"
            named += mistake.id in feedback.mistakes
            alone += feedback.mistakes == (mistake.id,)
        for answer in RIGHT[key]:
            feedback, milliseconds = timed(question.check, answer)
            times["right"].append(milliseconds)
            forms += 1
            accepted += feedback.status == "correct"
        if question.mistakes:   # unlisted: every general recogniser is asked
            feedback, milliseconds = timed(question.check,
                                           lambda *values: 0.3 + sum(float(abs(v.sum())) for v in values))
            times["wrong"].append(milliseconds)
    print(f"listed mistakes caught              {caught} of {listed}")
    print(f"  named by their id                 {named} of {listed} ({100 * named / listed:.1f} %; goal: 98 "
          f"%), "
          f"{listed - alone} of them jointly with others of the same values")
    print(f"right forms accepted                {accepted} of {forms}")
    everything = times["wrong"] + times["right"]
    for name, values in (("all", everything), ("wrong answers", times["wrong"]),
                         ("right answers", times["right"])):
        print(f"check, {name:14} median {statistics.median(values):6.1f} ms, "
              f"p95 {statistics.quantiles(values, n=20)[-1]:6.1f} ms, slowest {max(values):6.1f} ms "
              f"({len(values)} checks{'; goal: p95 ≤ 150 ms' if name == 'all' else ''})")


if __name__ == "__main__":
    main()
