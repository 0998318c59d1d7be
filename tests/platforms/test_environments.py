"""The command of the README, the sets of versions, and the files that others read: pip, Binder, GitHub."""

import re
import subprocess
import sys
import warnings

import pytest
import yaml
from packaging.requirements import Requirement

from helpers import __main__ as command
from helpers.shell import environments
from helpers.shell.environments import ROOT

SETS = ROOT / "tests" / "version_sets"
NAMES = sorted(path.stem for path in SETS.glob("*.txt"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def requirements(path) -> dict[str, Requirement]:
    """Package -> what a list of requirements or constraints says of it."""
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {each.name: each for each in found}


# ---- the command ---------------------------------------------------------------------------------


def test_an_environment_is_made_once_and_again_when_a_list_changes(tmp_path, monkeypatch):
    """With lists that ask for nothing, so that no network is needed."""
    lists = [tmp_path / name / "requirements.txt" for name in ("one", "two")]
    for path in lists:
        path.parent.mkdir()
        path.write_text("# nothing\n")
    said = []
    monkeypatch.setattr(environments, "say", said.append)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    python = environments.prepare(lists, tmp_path / "venv")
    assert subprocess.run([python, "-c", ""]).returncode == 0 and len(said) == 2
    environments.prepare(lists, tmp_path / "venv")
    assert len(said) == 2
    lists[1].write_text("# nothing, in other words\n")
    environments.prepare(lists, tmp_path / "venv")
    assert "two" in said[2] and "one" not in said[2]


def test_what_ruff_finds_is_one_line_that_says_how_to_mend_it(tmp_path):
    assert command.untidy(sys.executable) == ""
    (tmp_path / "ruff.toml").touch()  # or one further up would count
    (tmp_path / "a.py").write_text("x=1\nimport os\n")
    line = command.untidy(sys.executable, tmp_path)
    assert "ruff format: a.py" in line and "F401" in line and "\n" not in line
    for mend in line.partition("To mend it: ")[2].split(" && "):
        subprocess.run(mend.split(), cwd=tmp_path, capture_output=True, check=True)
    assert command.untidy(sys.executable, tmp_path) == "" and (tmp_path / "a.py").read_text() == "x = 1\n"


@pytest.mark.parametrize(("complaint", "tests", "code"), [("", 0, 0), ("", 1, 1), ("untidy", 0, 1), ("untidy", 2, 2)])
def test_the_tests_run_whatever_ruff_says(complaint, tests, code, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(command, "untidy", lambda python: complaint)
    monkeypatch.setattr(command, "run", lambda words: ran.append(words) or tests)
    assert command.test("python", ["tests/unit", "-q"]) == code
    assert ran == [["python", "-m", "pytest", "tests/unit", "-q"]] and complaint in capsys.readouterr().out


def test_each_command_has_what_it_needs(monkeypatch):
    prepared, ran = [], []
    monkeypatch.setattr(environments, "prepare", lambda lists, folder: prepared.append(lists) or "python")
    monkeypatch.setattr(command, "run", lambda words: ran.append(words) or 0)
    assert command.main(["site", "--without-lite"]) == command.main(["open"]) == 0
    assert prepared == [[command.COURSE, command.SITE], [command.COURSE]] and command.SITE.is_file()
    assert ran[0] == ["python", "-m", "helpers.shell.site.build", "--without-lite"] and ran[1][-1] == command.FIRST
    assert command.main(["nonsense"]) == 2 and len(ran) == 2


# ---- sets of versions ----------------------------------------------------------------------------


def test_the_oldest_set_is_what_requirements_admit():
    admitted, oldest = requirements(environments.COURSE), requirements(SETS / "oldest.txt")
    assert set(admitted) == set(oldest)
    for name, requirement in admitted.items():
        lowest = [each for each in requirement.specifier if each.operator == ">="]
        pinned = [each for each in oldest[name].specifier]
        assert len(lowest) == len(pinned) == 1 and pinned[0].operator == "=="
        assert f"{pinned[0].version}.0".startswith(f"{lowest[0].version}."), name


@pytest.mark.parametrize("name", NAMES)
def test_every_set_fits_the_requirements(name):
    """Nothing that requirements.txt excludes is pinned, and what is pinned is pinned exactly."""
    admitted = requirements(environments.TESTS) | requirements(environments.COURSE)
    for package, pin in requirements(SETS / f"{name}.txt").items():
        (exact,) = pin.specifier
        assert exact.operator == "=="
        if package in admitted:
            assert admitted[package].specifier.contains(exact.version), f"{package} {exact.version}"


@pytest.mark.parametrize("path", [environments.TESTS, environments.SITE], ids=["tests", "site"])
def test_a_list_names_lists_that_are_there(path):
    named = re.findall(r"^-r (\S+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert environments.COURSE in [(path.parent / name).resolve() for name in named]
    assert all((path.parent / name).is_file() for name in named)


def test_an_upper_bound_has_its_reason():
    lines = [
        line for path in (environments.COURSE, environments.TESTS) for line in path.read_text("utf-8").splitlines()
    ]
    bounds = [line for line in lines if re.search(r"<|!=|~=|==", re.split("[#;]", line)[0])]
    assert all(len(line.partition("#")[2].strip()) > 20 for line in bounds), "a bound without its reason"
    assert not any(line.startswith("helpers") for line in lines)


# ---- what Binder reads ---------------------------------------------------------------------------


def test_environment_has_the_shape_that_binder_needs():
    """repo2docker merges nothing: what is not in environment.yml is not installed."""
    read = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert set(read) == {"name", "channels", "dependencies"} and read["channels"] == ["conda-forge"]
    # `python>=…` would silently give 3.10, so it is exactly one version, written with one "=".
    assert read["dependencies"] == ["python=3.12", "pip", {"pip": ["-r requirements.txt"]}]
    others = ("Dockerfile", "runtime.txt", "apt.txt", "postBuild", "start", "Pipfile", "binder", ".binder")
    assert not [name for name in others if (ROOT / name).exists()]


def test_binder_detects_it(monkeypatch):
    app = pytest.importorskip("repo2docker.app", reason="repo2docker is not here: it runs on Linux")
    monkeypatch.chdir(ROOT)
    packs = [pack(base_image="none") for pack in app.Repo2Docker().buildpacks]
    chosen = next(pack for pack in packs if pack.detect())
    assert type(chosen).__name__ == "CondaBuildPack" and chosen.python_version == "3.12"
    assert "environment.yml" in str(chosen.get_assemble_scripts())


# ---- what GitHub reads ---------------------------------------------------------------------------


def test_workflows_are_what_github_understands(tmp_path):
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not here")
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*check, *map(str, WORKFLOWS)], capture_output=True, text=True)
    assert len(WORKFLOWS) >= 2 and done.returncode == 0, done.stdout
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on", "run-on"))
    assert subprocess.run([*check, str(broken)], capture_output=True).returncode != 0


def test_every_set_and_every_file_that_ci_names_is_there():
    weekly = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))
    assert sorted(each["set"] for each in weekly["jobs"]["sets"]["strategy"]["matrix"]["include"]) == NAMES
    named = re.findall(r"tests/[\w./]+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert "tests/version_sets/colab.txt" in named and all((ROOT / name).is_file() for name in named), named


# ---- deprecations --------------------------------------------------------------------------------


def test_a_deprecation_in_our_own_code_is_an_error():
    """As pyproject.toml says; one in somebody else's code is only shown."""
    for module, expected in (("helpers.made_up", pytest.raises), ("somebody.else", pytest.warns)):
        with expected(DeprecationWarning, match="old"):
            warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module=module)
