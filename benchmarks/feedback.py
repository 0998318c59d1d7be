"""How good and how fast the feedback is. Run: python benchmarks/feedback.py

Prints how many known mistakes, those that questions list or have listed, are caught and named by their id, how many
right forms are accepted, the time of `check` (median and 95th percentile over all questions, right and wrong answers
apart) and of `import helpers`.

    python benchmarks/feedback.py --without-lists

The mistakes that were judged once, handed in while no question has a list: how many are named from the question's
own formulas, and which are not. With `--all` it prints what is said of each, to be read: a cause is no use if it is
not the true one.
"""

import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "content")]


from listed import JUDGED, as_function, known_mistakes  # noqa: E402

from helpers.assignments import questions as all_questions  # noqa: E402
from helpers.exercises.formula_question import Question  # noqa: E402
from helpers.exercises.gradients_question import GradientsQuestion  # noqa: E402
from helpers.exercises.table_question import TableQuestion  # noqa: E402


def import_seconds(statement, repeats=5):
    """The fastest of a few imports in a fresh interpreter, less the start of the interpreter itself."""

    def once(code):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - started

    return min(once(statement) for _ in range(repeats)) - min(once("pass") for _ in range(repeats))


def unlisted_answers(question):
    if isinstance(question, TableQuestion):
        yield {name: 1.1 * value + 0.0123456789 for name, value in question.truth.items()}
        yield {name: value + 0.1 * (name == question.parameters[-1]) for name, value in question.truth.items()}
    elif isinstance(question, GradientsQuestion):
        yield lambda *values: {name: value**2 + 0.3 for name, value in as_function(question, None)(*values).items()}
    elif isinstance(question, Question) and question.mistakes:
        yield lambda *values: 0.3 + sum(float(abs(v.sum())) for v in values)


def timed(check, answer):
    started = time.perf_counter()
    feedback = check(answer)
    return feedback, 1000 * (time.perf_counter() - started)


#: What is said where no cause is known.
VAGUE = {"unknown", "partly_right", "shape", "constant", "constant_factor"}


def without_lists(everything):
    """Hand the judged mistakes in while the lists are empty, and count those that are named."""
    counts, times = {"a derivative": [], "something else": []}, []
    for key, rows in JUDGED.items():
        question = all_questions[key]
        if not isinstance(question, Question):
            continue
        question.mistakes = ()
        for name, answer, *_ in rows:
            question.forget()
            feedback, milliseconds = timed(question.check, as_function(question, answer))
            times.append(milliseconds)
            named = feedback.mistake not in VAGUE and not feedback.mistake.startswith(("ignores_", "depends_on_"))
            counts["a derivative" if question.objective else "something else"].append(named)
            if everything or not named:
                print(f"{'named' if named else 'NOT NAMED'}: {key} {name}: {answer}\n    {feedback.message}")
    for kind, named in counts.items():
        share = f"{sum(named)} of {len(named)} ({100 * sum(named) / len(named):.1f} %)"
        print(f"without lists, of questions on {kind:14} named {share}{'; goal: 90 %' if 'der' in kind else ''}")
    print(
        f"check, without lists     median {statistics.median(times):6.1f} ms, p95 {statistics.quantiles(times, n=20)[-1]:6.1f} ms"
    )


def main():
    if "--without-lists" in sys.argv:
        without_lists("--all" in sys.argv)
        return
    print(f"import helpers                      {import_seconds('import helpers'):.2f} s   (goal: 0.6 s)")
    print(f"import the questions, without SymPy {import_seconds('from helpers.assignments import questions'):.2f} s")
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            ("import sys; from helpers.assignments import questions; print('sympy' in sys.modules)"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    print(f"SymPy loaded by that                {loaded}")

    import mnist_forms
    import right_forms

    forms_of = {**right_forms.RIGHT, **mnist_forms.RIGHT}

    questions = dict(all_questions)
    for key, question in all_questions.items():
        if isinstance(question, TableQuestion):
            questions[f"{key} on a variant"] = question.variant("benchmark")
            forms_of[f"{key} on a variant"] = [questions[f"{key} on a variant"].truth]
    times, first = {"wrong": [], "right": []}, []
    caught = named = alone = known = accepted = forms = 0
    for key, question in questions.items():
        answers = list(known_mistakes(question))
        first.append(timed(question.check, answers[0][1] if answers else True)[1])
        for name, answer in answers:
            feedback, milliseconds = timed(question.check, answer)
            times["wrong"].append(milliseconds)
            known += 1
            caught += feedback.status == "wrong"
            named += name in feedback.mistakes
            alone += feedback.mistakes == (name,)
        for answer in forms_of[key]:
            feedback, milliseconds = timed(question.check, answer)
            times["right"].append(milliseconds)
            forms += 1
            accepted += feedback.status == "correct"
        for answer in unlisted_answers(question):  # every general recogniser is asked
            feedback, milliseconds = timed(question.check, answer)
            times["wrong"].append(milliseconds)
    print(f"known mistakes caught               {caught} of {known}")
    print(
        f"  named by their id                 {named} of {known} ({100 * named / known:.1f} %; goal: 98 %), "
        f"{known - alone} of them jointly with others of the same values"
    )
    print(f"right forms accepted                {accepted} of {forms}")
    everything = times["wrong"] + times["right"]
    for name, values in (("all", everything), ("wrong answers", times["wrong"]), ("right answers", times["right"])):
        print(
            f"check, {name:14} median {statistics.median(values):6.1f} ms, "
            f"p95 {statistics.quantiles(values, n=20)[-1]:6.1f} ms, slowest {max(values):6.1f} ms "
            f"({len(values)} checks{'; goal: median ≤ 20 ms, p95 ≤ 150 ms' if name == 'wrong answers' else ''})"
        )


if __name__ == "__main__":
    main()
