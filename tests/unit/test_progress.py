"""Progress: one file, never damaged, never lost, never the reason for an error."""

import json
import os
import subprocess
import sys
import threading

import pytest

from helpers import progress, records
from helpers.assignments import chain_rule, derivatives


@pytest.fixture
def file(tmp_path, monkeypatch):
    target = tmp_path / "folder" / "progress.json"
    monkeypatch.setenv(records.VARIABLE, str(target))
    monkeypatch.setattr(records, "_memory", {})
    monkeypatch.setattr(records, "_said", set())
    return target


def test_checks_are_remembered_and_solved_stays_solved(file):
    derivatives.tanh_prime.check("1 - tanh(x)")
    assert records.states() == {"004.3": "attempted"}
    derivatives.tanh_prime.check("1 - tanh(x)^2")
    derivatives.tanh_prime.check("1 - tanh(x)")
    derivatives.dL_dw.check(...)
    assert json.loads(file.read_text())["records"] == {"004.3": "solved"}
    records._memory.clear()  # a restarted kernel
    assert records.states() == {"004.3": "solved"}


def test_a_damaged_file_is_set_aside_with_one_line(file, capsys):
    file.parent.mkdir()
    file.write_text('{"records": {"004.3"')
    records.record("000.1a", "correct")
    assert records.states() == {"000.1a": "solved"}
    assert file.with_name("progress.json.damaged").exists()
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(
    "content", ["[]", '{"records": 3}', '{"records": {"a": "nonsense", "b": "solved"}}', "", "\x00\x01"]
)
def test_odd_contents_never_raise(file, content):
    file.parent.mkdir()
    file.write_text(content)
    records.record("000.1a", "correct")
    assert records.states()["000.1a"] == "solved"


def test_an_unwritable_place_costs_one_line_and_the_session_remembers(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv(records.VARIABLE, str(blocked / "progress.json"))
    monkeypatch.setattr(records, "_memory", {})
    monkeypatch.setattr(records, "_said", set())
    records.record("000.1a", "correct")
    records.record("004.3", "wrong")
    assert capsys.readouterr().out.count("\n") == 1
    assert records.states() == {"000.1a": "solved", "004.3": "attempted"}
    assert "1 of 12 solved, 1 attempted" in repr(progress.show("derivatives"))


def test_two_notebooks_do_not_lose_each_others_records(file):
    code = (
        "import sys; from helpers import records\n"
        "for i in range(25): records._memory.clear(); records.record(f'{sys.argv[1]}{i}', 'correct')"
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(records.__file__)))
    processes = [subprocess.Popen([sys.executable, "-c", code, name], cwd=root) for name in ("a", "b")]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(records.states()) == 50
    assert not file.with_name("progress.json.lock").exists()
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]


def test_threads_and_a_stale_lock(file):
    file.parent.mkdir()
    lock = file.with_name("progress.json.lock")
    lock.write_text("")
    os.utime(lock, (1, 1))
    threads = [threading.Thread(target=records.record, args=(f"k{i}", "wrong")) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(file.read_text())["records"]) == 8


def test_nothing_is_written_outside_a_notebook(tmp_path, monkeypatch):
    monkeypatch.delenv(records.VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr(records, "_memory", {})
    records.record("000.1a", "correct")
    assert list(tmp_path.iterdir()) == [] and records._memory == {}
    assert records.path().endswith("progress.json")


def test_switched_off(monkeypatch):
    monkeypatch.setenv(records.VARIABLE, "off")
    monkeypatch.setattr(records, "_memory", {})
    records.record("000.1a", "correct")
    assert records.path() is None and records.states() == {"000.1a": "solved"}


def test_overview_in_text_and_html(file):
    records.record("000.2.a", "correct")
    records.record("000.2.b", "wrong")
    view = progress.show(chain_rule)
    assert view.counts("chain_rule") == {"solved": 1, "attempted": 1, "open": len(chain_rule.questions) - 2}
    html = view._repr_html_()
    assert f'href="{chain_rule.dE_da.anchor}"' in html
    assert "<progress" in html and html.count("<li") == len(chain_rule.questions)
    assert "(solved)" in repr(view) and "(attempted)" in repr(view) and "(open)" in repr(view)
    assert repr(progress.show("02_chain_rule")) == repr(view)
    with pytest.raises(ValueError, match="derivatives"):
        progress.show("nowhere")
    records.reset()
    assert records.states() == {} and not file.exists()


def test_a_check_can_leave_the_progress_alone(file):
    from helpers.assignments import backprop_by_hand

    question = backprop_by_hand.learning_rate
    assert question.check({"eta_best": 3, "eta_limit": 6}, record=False).status == "wrong"
    assert records.states() == {}
    question.check({"eta_best": 3, "eta_limit": 6})
    assert records.states() == {question.key: "attempted"}
