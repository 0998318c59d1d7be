"""The sets of versions, and the files that others read: pip, Binder, GitHub."""

import re
import subprocess
import sys
import warnings

import pytest
import yaml
from packaging.requirements import Requirement

from helpers import __main__ as command
from helpers.shell import environments
from helpers.shell.environments import ROOT, SETS, SetUpError, VersionSet

NAMES = sorted(path.stem for path in SETS.glob("*.txt"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def requirements(path) -> dict[str, Requirement]:
    """Package -> what a list of requirements or constraints says of it."""
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {each.name: each for each in found}


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


def test_every_set_names_its_pythons():
    assert {"colab", "oldest", "newest", "locked"} <= set(NAMES)
    for name in NAMES:
        pythons = VersionSet.named(name).pythons
        assert pythons and all(tuple(map(int, each.split("."))) >= command.OLDEST for each in pythons)
    assert VersionSet.named("colab").pythons == ("3.13", "3.11")
    assert VersionSet.named("oldest").pythons == ("3.11",)


def test_an_upper_bound_has_its_reason():
    lines = environments.COURSE.read_text(encoding="utf-8").splitlines()
    bounds = [line for line in lines if re.search(r"<|!=|~=|==", line.split("#")[0])]
    assert all(len(line.partition("#")[2].strip()) > 20 for line in bounds), "a bound without its reason"
    assert not any(line.startswith("helpers") for line in lines)


def test_the_words_after_a_set_go_to_pytest():
    for words in (["tests/unit", "--set", "colab", "-q"], ["tests/unit", "--set=colab", "-q"]):
        chosen, rest = command.version_set(words)
        assert chosen.name == "colab" and rest == ["tests/unit", "-q"]
    assert command.version_set(["-q"]) == (None, ["-q"])


@pytest.mark.parametrize("words", [["--set"], ["--set", "nothing"], ["--set", "../requirements"]])
def test_an_unknown_set_is_one_line(words, capsys):
    assert command.main(["test", *words]) == 1
    said = capsys.readouterr().out
    assert re.fullmatch(r"There is no set of versions '.*': choose from .*colab.*\.\n", said)


def test_a_python_is_found_or_said_to_be_missing(tmp_path, monkeypatch):
    mine = "{}.{}".format(*sys.version_info)
    assert environments.find_python(mine) == sys.executable
    # A program of the right name that is another version, as a shim of pyenv may be, does not serve.
    shim = tmp_path / "python3.99"
    shim.write_text(f"#!{sys.executable}\nprint('3.11')\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environments.find_python("3.99") is None
    wanted = VersionSet("future", ("3.98", "3.99"), SETS / "colab.txt")
    with pytest.raises(SetUpError, match="needs Python 3.98 or 3.99"):
        environments.prepare([environments.COURSE], tmp_path / "venv", wanted)


def test_an_environment_is_made_once_and_again_when_a_list_changes(tmp_path, monkeypatch):
    """With a list that asks for nothing, so that no network is needed."""
    (tmp_path / "lists").mkdir()
    wanted, pins = tmp_path / "lists" / "requirements.txt", tmp_path / "pins.txt"
    wanted.write_text("# nothing\n")
    pins.write_text("numpy==2.0.0\n")
    said = []
    monkeypatch.setattr(environments, "say", said.append)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    chosen = VersionSet("own", (), pins)
    python = environments.prepare([wanted], tmp_path / "venv", chosen)
    assert subprocess.run([python, "-c", ""]).returncode == 0 and len(said) == 2
    environments.prepare([wanted], tmp_path / "venv", chosen)
    assert len(said) == 2
    pins.write_text("numpy==2.1.0\n")
    environments.prepare([wanted], tmp_path / "venv", chosen)
    assert len(said) == 3 and "Installing" in said[-1]


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


def test_the_weekly_workflow_runs_every_set():
    weekly = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))
    job = weekly["jobs"]["sets"]
    assert sorted(job["strategy"]["matrix"]["set"]) == NAMES
    installed = str(job["steps"][1]["with"]["python-version"]).split()
    assert all(VersionSet.named(name).pythons[0] in installed for name in NAMES)


# ---- deprecations --------------------------------------------------------------------------------


def test_a_deprecation_in_our_own_code_is_an_error():
    """As pyproject.toml says; one in somebody else's code is only shown."""
    for module, expected in (("helpers.made_up", pytest.raises), ("somebody.else", pytest.warns)):
        with expected(DeprecationWarning, match="old"):
            warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module=module)
