"""Write what depends on the public address of the course: the setup cell and the badges of every notebook.

    python3 -m helpers publish            write them
    python3 -m helpers publish --check    write nothing; exit code 1 if there is something to write

The address stands in one place, `[tool.course-pack]` in pyproject.toml. Of each notebook only the cell with
the id `setup` and one line under the title are written, the latter once there is an address: outputs, ids and all other
cells stay as they are. A second run changes nothing. Only the standard library is used here.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from helpers.shell.environments import ROOT

#: The setup cell, which a student reads and so is short. REPOSITORY and BRANCH are replaced.
SETUP = """\
# Find the course's folder (on Colab, fetch it once), put it first on the path, and load its package.
import subprocess
import sys
from pathlib import Path

repository, branch = REPOSITORY, BRANCH  # where Colab fetches the course
here, fetched = Path.cwd(), Path("/content/neural-network-course")
root = next((p for p in [here, *here.parents, fetched] if (p / "helpers" / "notebook.py").exists()), None)
problem = "The course's folder is not here: open this notebook inside it. On Colab, fill in repository above."
if not root and repository and "google.colab" in sys.modules:
    clone = ["git", "clone", "--quiet", "--depth=1", "--branch", branch, repository, fetched]
    done = subprocess.run(clone, capture_output=True, text=True)
    root = fetched if done.returncode == 0 else None
    problem = f"The course could not be fetched: is there a network? {' '.join(done.stderr.split())}"
if root:
    sys.path.insert(0, str(root))
    import helpers
    problem = "" if root in Path(str(helpers.__file__)).parents else "Wrong helpers: restart the kernel."
if problem:
    stop = ImportError(problem)
    stop._render_traceback_ = lambda: [f"⚠ {problem}"]  # this line alone, without a traceback
    raise stop
from helpers import notebook

notebook.ready()"""

#: What this program writes under a title.
_LINE = re.compile(r"\[!\[Open in (Colab|Binder)\].*")


class AddressError(ValueError):
    """The address in pyproject.toml cannot be used; the message says why."""


class Address(NamedTuple):
    """Where the course is published: its repository, "" while that is not known, and the branch."""

    repository: str
    branch: str

    @classmethod
    def of(cls, root: Path = ROOT) -> Address:
        """As pyproject.toml in the folder `root` says. Raises AddressError for one that Colab could not fetch."""
        table = (
            tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {}).get("course-pack", {})
        )
        repository, branch = table.get("repository", ""), table.get("branch", "main")
        repository = repository.removesuffix("/").removesuffix(".git")
        if repository and not re.fullmatch(r"https://[\w.-]+(/[\w.~-]+)+", repository):
            raise AddressError(
                f"repository = {repository!r} in pyproject.toml: write an address like "
                "https://github.com/somebody/a-course, without a password or a query"
            )
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", branch) or branch.startswith("-"):
            raise AddressError(f"branch = {branch!r} in pyproject.toml: write the name of a branch or a tag")
        return cls(repository, branch)

    def setup_cell(self) -> str:
        """The source of the setup cell."""
        values = {"REPOSITORY": json.dumps(self.repository), "BRANCH": json.dumps(self.branch)}
        return re.sub("REPOSITORY|BRANCH", lambda found: values[found[0]], SETUP)

    def badges(self, notebook: str) -> str:
        """The line under the title of `notebook` ("notebooks/….ipynb"): the buttons for which there is an address."""
        colab, binder = "colab.research.google.com/assets/colab-badge", "mybinder.org/badge_logo"
        buttons = (("Colab", colab, self.colab(notebook)), ("Binder", binder, self.binder(notebook)))
        return " ".join(f"[![Open in {name}](https://{image}.svg)]({to})" for name, image, to in buttons if to)

    def binder(self, notebook: str) -> str:
        """The address that opens `notebook` in Binder; "" while the repository is not known."""
        place = urlsplit(self.repository)
        source = f"gh{place.path}" if place.netloc == "github.com" else f"git/{quote(self.repository, safe='')}"
        # Binder wants a slash in the name of a branch written as %2F, Colab wants it as it is.
        where = quote(f"lab/tree/{quote(notebook)}", safe="")
        address = f"https://mybinder.org/v2/{source}/{quote(self.branch, safe='')}?urlpath={where}"
        return address if self.repository else ""

    def colab(self, notebook: str) -> str:
        """The address that opens `notebook` in Colab, which opens notebooks from GitHub only; "" for others."""
        place = urlsplit(self.repository)
        address = f"https://colab.research.google.com/github{place.path}/blob/{quote(self.branch)}/{quote(notebook)}"
        return address if place.netloc == "github.com" else ""

    def file(self, path: str) -> str:
        """The address of a file of the course; "" while the repository is not known."""
        return f"{self.repository}/blob/{quote(self.branch)}/{quote(path)}" if self.repository else ""


def without_badges(source: str) -> str:
    """The text of a title cell without the line that `badges` wrote."""
    return "\n".join(line for line in source.splitlines() if not _LINE.fullmatch(line))


def published(text: str, name: str, address: Address) -> str:
    """The notebook `text` (the JSON of notebooks/`name`), with setup cell and badges written.

    Raises AddressError for a notebook without a cell `setup` or without a title.
    """
    content = json.loads(text)
    cells = {cell.get("id"): cell for cell in content["cells"]}
    title = next((cell for cell in content["cells"] if "".join(cell["source"]).startswith("# ")), None)
    if "setup" not in cells or title is None or title["cell_type"] != "markdown":
        raise AddressError(f"{name} needs a title (a Markdown cell that begins with '# ') and a cell 'setup'")
    _write(cells["setup"], address.setup_cell())
    heading, *rest = "".join(title["source"]).splitlines()
    rest = without_badges("\n".join(rest)).strip("\n")
    line = address.badges(f"notebooks/{name}")
    _write(title, "\n\n".join(part for part in (heading, line, rest) if part))
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _write(cell: dict, source: str) -> None:
    cell["source"] = source.splitlines(keepends=True)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write, or with --check only compare; gives the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    try:
        address = Address.of(root)
        paths = sorted((root / "notebooks").glob("*.ipynb"))
        texts = {path: path.read_text(encoding="utf-8") for path in paths}
        new = {path: published(text, path.name, address) for path, text in texts.items()}
    except AddressError as problem:
        print(problem)
        return 2
    changed = [path for path in texts if new[path] != texts[path]]
    for path in changed:
        if arguments:
            print(f"{path.name}: not as `python3 -m helpers publish` writes it")
        else:
            path.write_text(new[path], encoding="utf-8", newline="\n")
            print(f"{path.name}: written")
    print(
        f"{len(texts) - len(changed)} of {len(texts)} notebooks were as they should be; "
        f"the course is at {address.repository or 'an address not yet set in pyproject.toml'}."
    )
    return 1 if arguments and changed else 0
