"""Progress: one file to which lines are added, never damaged, never lost, never the reason for an error."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers import challenges, check_log, progress
from helpers.assignments import backprop_by_hand, chain_rule, derivatives
from helpers.check_log import ATTEMPTED, SOLVED
from helpers.shell.environments import ROOT

OLD = json.dumps({"version": 1, "records": {"old": "solved", "tried": "attempted"}}, indent=1).encode()
LINE = b'{"key": "old", "status": "correct", "mistake": null, "time": "2026-11-29T23:40:18Z"}\n'


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where this test remembers, in a kernel that has just started."""
    target = tmp_path / "folder" / "progress.json"
    target.parent.mkdir()
    monkeypatch.setenv(check_log.VARIABLE, str(target))
    restart()
    yield target
    restart()


def restart():
    check_log.this_kernel.clear()
    check_log._unwritten.clear()
    check_log._print_once.cache_clear()


def lines(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# ---- what is remembered, and where -------------------------------------------------------------


def test_each_check_is_a_line_and_solved_stays_solved(file):
    question = derivatives.tanh_prime
    for answer in ("1 - tanh(x)", "1 - tanh(x)^2", "1 - tanh(x)"):
        question.check(answer)
    derivatives.dL_dw.check(...)
    assert check_log.this_kernel == {question.key: SOLVED} and check_log.earlier() == {}
    outcomes = [(line["key"], line["status"], line["mistake"]) for line in lines(file)]
    wrong = (question.key, "wrong", "not_squared")
    assert outcomes == [wrong, (question.key, "correct", None), wrong]
    assert time.strptime(lines(file)[0]["time"], "%Y-%m-%dT%H:%M:%SZ")
    assert file.stat().st_mode & 0o077 == 0 or os.name == "nt"
    restart()
    assert check_log.earlier() == {question.key: SOLVED}


def test_a_check_can_leave_the_progress_alone(file):
    question = backprop_by_hand.learning_rate
    assert question.check({"eta_best": 3, "eta_limit": 6}, record=False).status == "wrong"
    assert check_log.this_kernel == {} and not file.exists()
    question.check({"eta_best": 3, "eta_limit": 6})
    assert check_log.this_kernel == {question.key: ATTEMPTED} and len(lines(file)) == 1


def test_nothing_is_written_outside_a_notebook(tmp_path, monkeypatch, file):
    monkeypatch.delenv(check_log.VARIABLE)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *names, **options: str(tmp_path / "data"))
    check_log.record("a", "correct")
    assert not (tmp_path / "data").exists() and check_log.this_kernel == {"a": SOLVED}
    monkeypatch.setattr(check_log, "in_notebook", lambda: True)
    check_log.record("a", "correct")
    assert [line["key"] for line in lines(tmp_path / "data" / "progress.json")] == ["a"]


def test_what_the_variable_says(tmp_path, monkeypatch, file, capsys):
    monkeypatch.setattr(os, "devnull", str(tmp_path / "null"))
    for nowhere in ("off", " OFF ", os.devnull):
        monkeypatch.setenv(check_log.VARIABLE, nowhere)
        check_log.record("a", "correct")
        assert check_log.path() is None and check_log.earlier() == {}
    assert check_log.this_kernel == {"a": SOLVED} and not os.path.exists(os.devnull) and capsys.readouterr().out == ""
    monkeypatch.setenv(check_log.VARIABLE, os.path.join("~", "x.json"))
    assert check_log.path() == os.path.join(os.path.expanduser("~"), "x.json")


# ---- what stands in the file already -----------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        OLD, LINE, b"\xef\xbb\xbf" + OLD, OLD.decode().encode("utf-16"), LINE.decode().encode("utf-16"),
        b'{"key": "torn", "sta\n' + LINE + b'{"key": "torn", "status": "corr', b'{"records": {"torn"\n' + LINE,
        b'{"records":' + b"[" * 100_000 + b"\n" + LINE, b"\0" * 500 + b"\x01\xff\n" + LINE,
        b'{"records": 3}\n{"key": ["a"], "status": {}}\n[]\n{"records": {"x": []}}\n' + LINE,
        b"", b"bad one", b"[]", b"\0\1", b"{" * 100_000,
    ],
    ids=lambda content: content[:12],
)  # fmt: skip
def test_what_can_be_read_is_read_and_all_of_it_stays(file, content, capsys):
    file.write_bytes(content)
    for kernel in ("first", "second"):
        assert (check_log.earlier().get("old") == SOLVED) == (b"old" in content.replace(b"\0", b""))
        check_log.record(kernel, "correct")
        restart()
    assert {"first", "second"} <= set(check_log.earlier())
    assert file.read_bytes().startswith(content) and list(file.parent.iterdir()) == [file]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("indent", [None, 1])
def test_a_later_version_is_read_and_never_written(file, capsys, indent):
    records = {"a": "mastered", "b": "solved", "c": {"state": "solved"}}
    file.write_text(before := json.dumps({"version": 2, "notes": "keep me", "records": records}, indent=indent))
    not_remembered(capsys, "later version")
    assert file.read_text() == before and check_log.earlier()["b"] == SOLVED


def test_the_file_is_bounded(file, monkeypatch):
    """Up to a size it takes every check; from there on only what changes a state."""
    monkeypatch.setattr(check_log, "_EVERY_CHECK", 1000)
    for status in ["wrong"] * 50 + ["correct", "wrong"] * 50:
        check_log.record("a", status)
        restart()
    assert [line["status"] for line in lines(file)][-2:] == ["wrong", "correct"]
    assert 1000 <= file.stat().st_size < 1200


# ---- what cannot be written --------------------------------------------------------------------


def not_remembered(capsys, why=""):
    """Two checks and a look at the list cost one line, no time, and are in this kernel's list."""
    started = time.monotonic()
    assert derivatives.sigmoid_prime.check("s(1-s)".replace("s", "sigma(z)")).status == "correct"
    check_log.record("000.1b.w", "wrong")
    assert "1 of 6 solved, 1 attempted" in repr(progress.show("derivatives"))
    assert time.monotonic() - started < 5
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "Your progress is not remembered" in said and why in said


def a_link_to_a_folder(file):
    os.mkdir(file.with_name("elsewhere"))
    os.symlink("elsewhere", file)


def a_huge_file(file):
    with open(file, "wb") as huge:
        huge.truncate(100_000_000)


@pytest.mark.parametrize("make", [getattr(os, "mkfifo", None), os.mkdir, a_link_to_a_folder, a_huge_file])
def test_what_cannot_be_ours_is_left_alone(file, capsys, make):
    if make is None:
        pytest.skip("there are no FIFOs here")
    make(file)
    before = [(path, os.lstat(path)[:9]) for path in file.parent.iterdir()]
    not_remembered(capsys, "left alone")
    assert [(path, os.lstat(path)[:9]) for path in file.parent.iterdir()] == before


@pytest.mark.parametrize("place", ["file/progress.json", "a\0b"])
def test_a_place_that_is_none(tmp_path, monkeypatch, file, capsys, place):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(check_log, "path", lambda: os.path.join(tmp_path, place))
    not_remembered(capsys)


def test_a_full_disk_loses_nothing(monkeypatch, file, capsys):
    """Half a line arrives; when there is room again, what was not written goes with the next."""

    def full(name, flags, mode):
        file.write_bytes(file.read_bytes() + b'{"key": "dur')
        raise OSError(28, "No space left on device")

    check_log.record("before", "correct")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        not_remembered(capsys, "No space left")
    check_log.record("after", "correct")
    restart()
    assert set(check_log.earlier()) == {"before", derivatives.sigmoid_prime.key, "000.1b.w", "after"}


def test_nothing_raises_where_nothing_can_be_said(monkeypatch, file):
    file.mkdir()
    with open(os.path.join(file, "closed"), "w") as closed:
        pass
    monkeypatch.setattr(sys, "stdout", closed)
    check_log.record("a", "correct")
    assert check_log.this_kernel == {"a": SOLVED}


# ---- who else writes there ---------------------------------------------------------------------


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_a_link(file, tmp_path, exists):
    target = tmp_path / "synchronised" / "mine.json"
    target.parent.mkdir()
    if exists:
        target.write_bytes(LINE)
    file.symlink_to(target)
    check_log.record("a", "correct")
    assert file.is_symlink() and lines(target)[-1]["key"] == "a" and len(lines(target)) == 1 + exists


def test_two_kernels_lose_nothing_and_one_is_killed(file):
    code = (
        "import sys; from helpers import check_log\n"
        "for i in range(int(sys.argv[2])): check_log.record(f'{sys.argv[1]}{i}', 'correct')"
    )
    jobs = [("a", "200"), ("b", "200"), ("killed", "1000000")]
    kernels = [subprocess.Popen([sys.executable, "-c", code, *job], cwd=ROOT) for job in jobs]
    assert [kernel.wait(60) for kernel in kernels[:2]] == [0, 0]
    kernels[2].kill()
    kernels[2].wait(60)
    check_log.record("after", "correct")
    restart()
    assert {f"{name}{i}" for name in "ab" for i in range(200)} | {"after"} <= set(check_log.earlier())
    assert list(file.parent.iterdir()) == [file]


# ---- the list ----------------------------------------------------------------------------------


def test_the_list_in_text_and_html(file):
    check_log.record("000.2.a", "correct")
    check_log.record("000.2.d", "wrong")
    view = progress.show(chain_rule)
    html = view._repr_html_()
    tasks = [task for exercise in chain_rule.exercises for task in exercise.tasks]
    core = [task for task in tasks if not task.optional]
    words = f"1 of {len(core)} solved, 1 attempted, {len(core) - 2} open"
    assert words in repr(view) and words in html and "since the kernel started" in html
    assert f'href="{chain_rule.dE_da.anchor}"' in html
    assert "<progress" in html and html.count("<li") == len(tasks) > len(core)
    assert "(solved)" in repr(view) and "(attempted)" in repr(view) and "(open)" in repr(view)
    assert repr(progress.show("02_chain_rule")) == repr(view)
    assert repr(progress.show()).count("since the kernel started") == 7 + repr(progress.show()).count(
        ", optional, since"
    )
    with pytest.raises(ValueError, match="derivatives"):
        progress.show("nowhere")


def test_what_is_remembered_stands_apart(file):
    """The list of a notebook that somebody hands in does not count what the same computer remembers."""
    core = [exercise for exercise in derivatives.exercises if not exercise.optional]
    for exercise in core:
        check_log.record(exercise.key, "correct")
    everything = f"{len(core)} of {len(core)} solved"
    assert everything in repr(progress.show("derivatives"))
    restart()
    check_log.record(core[0].key, "wrong")
    view = progress.show("derivatives")
    now, apart = repr(view).split("Not counted above")
    assert f"0 of {len(core)} solved, 1 attempted, {len(core) - 1} open" in now and "(solved)" not in now
    assert f": {len(core)} solved" in apart and apart.count("(solved)") == len(core)
    assert everything not in view._repr_html_() and view._repr_html_().count("<details>") == 1
    assert "Not counted" not in repr(progress.show("chain_rule"))


def test_what_two_functions_of_a_module_check_is_counted(file):
    assert challenges.check_bias_range("ln(19) - 200", "-100 - ln(19)", gain=100)
    assert "✓ The range of biases (solved)" in repr(progress.show("bump_plots"))
    restart()
    assert challenges.check_bias_range(-20 + np.log(19), -10 - np.log(19), gain=10)
    assert "○ The range of biases (open)" in repr(progress.show("bump_plots")).split("Not counted")[0]


def test_the_optional_ones_and_the_lines_stand_apart(file, monkeypatch):
    first, second, third = derivatives.sigmoid_prime, derivatives.dL_dw, derivatives.grad_ridge
    monkeypatch.setattr(first, "lines", "core")
    monkeypatch.setattr(second, "lines", "optional")
    monkeypatch.setattr(third, "optional", True)
    assert first.check_steps([first.answer], record=False).status == "correct"
    assert "(solved)" not in repr(progress.show("derivatives"))
    assert first.check_steps([first.answer]).status == "correct"
    core, side = (part for part in repr(progress.show("derivatives")).split("derivatives, ")[1:])
    assert "1 of 6 solved" in core and f"✓ {first.title}, in lines (solved)" in core
    assert side.startswith("optional, since the kernel started: 0 of ")
    assert f"{second.title}, in lines" in side and f"○ {third.title} (open)" in side and third.title not in core
    assert progress.show("derivatives")._repr_html_().count("<progress") == 2


def test_numbers_of_ones_own_are_a_task_of_their_own(file, monkeypatch):
    question = backprop_by_hand.mixed_start
    monkeypatch.setattr(question, "own_numbers", "optional")
    monkeypatch.setattr(question, "_variants", {})
    own = question.variant("one")
    assert own.check(own.truth).status == "correct"
    assert question.key not in check_log.this_kernel and check_log.this_kernel[f"{question.key}.own"]
    question.check(question.variant("two").truth, variant="two")
    assert question.key not in check_log.this_kernel
    question.check(question.truth)
    assert check_log.this_kernel[question.key]
    assert f"✓ {question.title}, with numbers of your own (solved)" in repr(progress.show("backprop_by_hand"))
