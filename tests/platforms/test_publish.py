"""The address of the course in the notebooks: written by one command, and nothing else touched."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from helpers.shell import publish
from helpers.shell.environments import ROOT
from helpers.shell.publish import Address

NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
SOMEWHERE = "https://github.com/somebody/a-course"


@pytest.fixture
def course(tmp_path):
    """A copy of what the command reads and writes; course(repository=…, branch=…) sets the address."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))

    def at(repository, branch="main"):
        table = f"[tool.course-pack]\nrepository = {json.dumps(repository)}\nbranch = {json.dumps(branch)}\n"
        (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
        return tmp_path

    return at


def texts(folder: Path) -> dict[str, str]:
    paths = sorted((folder / "notebooks").glob("*.ipynb"))
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def cell(text: str, name: str) -> str:
    return "".join(next(cell for cell in json.loads(text)["cells"] if cell["id"] == name)["source"])


def test_the_notebooks_are_as_the_command_writes_them(capsys):
    assert publish.main(["--check"]) == 0, capsys.readouterr().out
    published = bool(Address.of().repository)
    for text in texts(ROOT).values():  # without an address there is nothing under the title
        assert published == ("Open in Binder" in cell(text, "title")) == (len(cell(text, "title").splitlines()) > 1)
    assert len(NAMES) == 7


def test_an_address_goes_into_every_notebook_and_out_again(course, capsys):
    before = texts(course(""))
    assert publish.main([], course(SOMEWHERE, "spring-2027")) == 0
    for name, text in texts(course(SOMEWHERE, "spring-2027")).items():
        assert f'repository, branch = "{SOMEWHERE}", "spring-2027"' in cell(text, "setup")
        assert f"{SOMEWHERE.removeprefix('https://')}/blob/spring-2027/notebooks/{name}".replace(
            "github.com", "colab.research.google.com/github"
        ) in cell(text, "title")
    # A second run has nothing to write, and another address leaves no trace of the first.
    assert publish.main(["--check"], course(SOMEWHERE, "spring-2027")) == 0
    assert publish.main([], course("https://gitlab.com/group/course", "v2/trial")) == 0
    for text in texts(course("")).values():
        assert "somebody/" not in text and "spring-2027" not in text
        assert "Open in Colab" not in cell(text, "title") and "Open in Binder" in cell(text, "title")
    assert publish.main([], course("")) == 0
    assert texts(course("")) == before


def test_nothing_else_is_touched(course):
    before = texts(course(SOMEWHERE))
    publish.main([], course(SOMEWHERE))
    for name, text in texts(course(SOMEWHERE)).items():
        old, new = json.loads(before[name]), json.loads(text)
        assert [c["id"] for c in old["cells"]] == [c["id"] for c in new["cells"]]
        for one, other in zip(old["cells"], new["cells"], strict=True):
            differing = {key for key in one if one[key] != other.get(key)}
            assert differing == ({"source"} if one["id"] in ("setup", "title") else set()), one["id"]
        assert {**old, "cells": 0} == {**new, "cells": 0}
        # The lines of the file too, but for those two cells: a diff shows what was meant, and no more.
        assert len(set(before[name].splitlines()) - set(text.splitlines())) <= 3


def test_a_notebook_with_another_setup_cell_is_repaired(course):
    """By the cell's id, whatever stands in it, and whatever follows the title."""
    folder = course(SOMEWHERE)
    path = folder / "notebooks" / NAMES[0]
    content = json.loads(path.read_text(encoding="utf-8"))
    for each in content["cells"]:
        if each["id"] == "setup":
            each["source"] = ["import sys\n", "sys.path.insert(0, '..')"]
        if each["id"] == "title":
            each["source"] = ["# A title\n", "\n", "A word about it.\n", "[![Open in Colab](x)](https://old.example)"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert publish.main(["--check"], folder) == 1
    assert publish.main([], folder) == 0
    text = texts(folder)[NAMES[0]]
    assert cell(text, "setup") == Address(SOMEWHERE, "main").setup_cell()
    title = cell(text, "title").split("\n\n")
    assert title[0] == "# A title" and title[2:] == ["A word about it."] and "old.example" not in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("branch", "written"), [("main", "main"), ("v2/trial", "v2%2Ftrial")])
def test_the_badges_lead_to_the_notebook(name, branch, written):
    line = Address(SOMEWHERE, branch).badges(f"notebooks/{name}")
    links = re.findall(r"\[!\[(Open in \w+)\]\((https://\S+?)\)\]\((https://\S+?)\)", line)
    assert [words for words, _, _ in links] == ["Open in Colab", "Open in Binder"]
    colab, binder = (urlsplit(link) for _, _, link in links)
    assert colab.path == f"/github/somebody/a-course/blob/{branch}/notebooks/{name}"
    assert binder.path == f"/v2/gh/somebody/a-course/{written}"
    opened = parse_qs(binder.query)["urlpath"][0]
    assert opened == f"lab/tree/notebooks/{name}"
    assert (ROOT / unquote(opened).removeprefix("lab/tree/")).exists()


@pytest.mark.parametrize("wrong", [
    "github.com/somebody/a-course", "http://github.com/a/b", "git@github.com:a/b.git", "https://github.com",
    'https://github.com/a/b"; import os #', "https://me:secret@github.com/a/b", "https://github.com/a/b?x=1",
])  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused(course, capsys, wrong):
    before = texts(course(wrong))
    assert publish.main([], course(wrong)) == 2
    said = capsys.readouterr().out.strip()
    assert "write an address like" in said and "\n" not in said
    assert texts(course(wrong)) == before


@pytest.mark.parametrize("wrong", ["--upload-pack=x", "", "a b", 'x"y'])
def test_a_branch_that_cannot_be_used_is_refused(course, capsys, wrong):
    assert publish.main([], course(SOMEWHERE, wrong)) == 2
    assert "write the name of a branch" in capsys.readouterr().out


def test_an_address_may_end_as_git_shows_it(course):
    for ending in (".git", "/"):
        assert Address.of(course(SOMEWHERE + ending)) == (SOMEWHERE, "main")
