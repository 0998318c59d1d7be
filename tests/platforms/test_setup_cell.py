"""The setup cell as a student may meet it: in Colab with nothing but the notebook, or something in its way.

The cell is the shipped one. Only its folder /content is moved into the folder of the test; the repository is
a bare one on this disk. Colab itself is simulated by what the cell asks for: the module google.colab.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.shell.environments import ROOT
from helpers.shell.publish import Address

COLAB = """import sys, types
for name in ("google", "google.colab"):
    sys.modules[name] = types.ModuleType(name)"""
WHERE = "import helpers, sys\nprint('found', helpers.__file__, sys.path[0])"


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """A bare repository with the course as it is in this folder, committed or not."""
    folder = tmp_path_factory.mktemp("published")
    bare, work = folder / "course.git", folder / "work"
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "helpers"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes((ROOT / name).read_bytes())
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    start, commit = ["init", "--quiet", "--initial-branch=main"], [*who, "commit", "--quiet", "-m", "All"]
    for command in (start, ["add", "."], commit):
        subprocess.run(["git", *command], cwd=work, check=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(work), str(bare)], check=True)
    return bare.as_uri()


@pytest.fixture
def content(tmp_path):
    """The folder that stands for /content: empty."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


def setup_cell(content: Path, repository: str, branch: str = "main") -> str:
    source = Address(repository, branch).setup_cell()
    assert source.count('"/content/') == 1
    return source.replace('"/content/', f'"{content.as_posix()}/')


def run(folder: Path, *cells: str) -> str:
    """What a student sees of these cells, run in `folder` in a kernel of their own, errors too."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    where = {"metadata": {"path": str(folder)}}
    try:
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    except CellExecutionError:
        pass
    shown = []
    for cell in notebook.cells:
        for output in cell.outputs:
            shown.append(output.get("text") or "\n".join(output.get("traceback", [])))
    return "".join(shown)


def test_colab_fetches_the_course_once(content, repository):
    cell = setup_cell(content, repository)
    shown = run(content, COLAB, cell, WHERE)
    fetched = content / "neural-network-course"
    assert f"found {fetched / 'helpers' / '__init__.py'} {fetched}" in shown and "Ready" in shown
    # A second run of the cell, and a second notebook in the same session, find it there, without a network.
    written = (fetched / "helpers" / "__init__.py").stat().st_mtime_ns
    again = run(content, COLAB, setup_cell(content, "https://nowhere.invalid/course"), cell, WHERE)
    assert again.count("Ready") == 2 and f"found {fetched}" in again
    assert (fetched / "helpers" / "__init__.py").stat().st_mtime_ns == written


def installed(tmp_path: Path) -> str:
    """A cell after which another package `helpers` is installed, as `pip install helpers` would do it."""
    package = tmp_path / "site-packages" / "helpers"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("whose = 'somebody else'")
    return f"import sys\nsys.path.insert(0, {str(package.parent)!r})"


@pytest.mark.parametrize("stray", ["notes.txt", "__init__.py", None])
def test_what_has_its_name_is_not_taken_for_the_course(tmp_path, content, repository, stray):
    """A folder, a package in a folder, a package that is installed."""
    before = []
    if stray:
        (content / "helpers").mkdir()
        (content / "helpers" / stray).write_text("whose = 'somebody else'")
    else:
        before = [installed(tmp_path)]
    shown = run(content, *before, COLAB, setup_cell(content, repository), WHERE)
    assert "Ready" in shown and f"found {content / 'neural-network-course'}" in shown


def one_line(shown: str) -> bool:
    return shown.startswith("⚠ ") and "\n" not in shown.strip() and "Traceback" not in shown


@pytest.mark.parametrize("namespace", [False, True])
def test_what_has_its_name_was_imported_before(tmp_path, content, repository, namespace):
    before = f"{installed(tmp_path)}; import helpers"
    if namespace:
        (content / "helpers").mkdir()
        before = "import sys; sys.path.insert(0, ''); import helpers; assert not helpers.__file__"
    shown = run(content, before, COLAB, setup_cell(content, repository), WHERE)
    assert one_line(shown) and "restart the kernel" in shown


@pytest.mark.parametrize("address", ["https://nowhere.invalid/course", "file:///no/such/folder"])
def test_without_a_network_one_clear_line(content, address):
    shown = run(content, COLAB, setup_cell(content, address), WHERE)
    assert one_line(shown) and "could not be fetched" in shown and "network" in shown
    assert not (content / "neural-network-course").exists()


def test_a_branch_that_is_not_there(content, repository):
    shown = run(content, COLAB, setup_cell(content, repository, "nowhere"), WHERE)
    assert one_line(shown) and "could not be fetched" in shown and "nowhere" in shown


def test_address_not_known_yet(content):
    shown = run(content, COLAB, setup_cell(content, ""), WHERE)
    assert one_line(shown) and "fill in repository" in shown


def test_nothing_is_fetched_outside_colab(content, repository):
    shown = run(content, setup_cell(content, repository), WHERE)
    assert one_line(shown) and "open this notebook inside it" in shown
    assert not list(content.iterdir())


@pytest.mark.parametrize("colab", [False, True])
def test_inside_the_course_nothing_is_fetched(content, colab):
    """Also where the folder was uploaded to Colab, and without any address."""
    cells = [COLAB] if colab else []
    shown = run(ROOT / "notebooks", *cells, setup_cell(content, ""), WHERE)
    assert "Ready" in shown and f"found {ROOT / 'helpers' / '__init__.py'} {ROOT}" in shown


def test_the_cell_is_short_and_plain():
    source = Address("https://github.com/somebody/a-course", "main").setup_cell()
    assert source.count("\n") + 1 <= 25 and max(map(len, source.splitlines())) <= 110
    compile(source, "setup", "exec")
    # What pyproject.toml cannot know is not in the cell: no path of this machine, no version.
    assert str(ROOT) not in source and sys.prefix not in source
