"""What the Lite site is made of: the course's wheel, Pyodide cut down, checked files, and Python in a page."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile

import pooch
import pytest

from helpers import notebook
from helpers.datasets import mnist
from helpers.errors import InputError
from helpers.shell import doctor
from helpers.shell.environments import ROOT
from helpers.shell.site import lite, pyodide
from tests.browser.lite import site


def test_the_wheel_holds_helpers_as_it_is_without_the_site(tmp_path):
    path = lite.course_wheel(tmp_path)
    (tmp_path / "again").mkdir()
    assert path.read_bytes() == lite.course_wheel(tmp_path / "again").read_bytes()
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name and ".data/" not in name]
        assert {"helpers/notebook.py", "helpers/explorers/core/view.js", "helpers/explorers/core/view.css"} <= set(
            names
        )
        assert not [name for name in names if name.startswith("helpers/shell/site/")]
        assert all(wheel.read(name) == (ROOT / name).read_bytes() for name in names)
        # What the setup cell finds without a file list: as data of the wheel, where it looks on Colab.
        setup = json.loads((ROOT / "notebooks" / "03_bump_plots.ipynb").read_text(encoding="utf-8"))["cells"]
        fetched = re.search(r'Path\("/(content/[\w-]+)"\)', "".join("".join(cell["source"]) for cell in setup))[1]
        data = [name.split(".data/data/")[1] for name in wheel.namelist() if ".data/data/" in name]
        assert data == [f"{fetched}/helpers/__init__.py", f"{fetched}/helpers/notebook.py"]


def test_the_setup_cell_finds_the_beginning_and_python_the_rest(tmp_path):
    """In a Python of its own whose purelib holds the wheel, as in the browser."""
    lite.contents(tmp_path / "drive")
    with zipfile.ZipFile(lite.course_wheel(tmp_path)) as wheel:
        wheel.extractall(tmp_path / "library")
    cells = json.loads((ROOT / "notebooks" / "03_bump_plots.ipynb").read_text(encoding="utf-8"))["cells"]
    setup = "".join(next(cell["source"] for cell in cells if cell["id"] == "setup"))
    library = str(tmp_path / "library")
    code = (
        f"import sysconfig; sysconfig.get_path = lambda name: {library!r}\n{setup}\n"
        "import helpers.functions; print(helpers.__file__); print(helpers.functions.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "drive" / "notebooks", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()[-2:]
    assert first.startswith(str(tmp_path / "drive")) and second.startswith(library)


@pytest.fixture
def distribution(tmp_path):
    """A folder like Pyodide's, of small files."""
    folder = tmp_path / "distribution"
    folder.mkdir()
    packages = {}
    for name in ("numpy", "matplotlib", "sympy", "micropip", "scikit-learn", "scipy", "mpmath", "unused"):
        content = f"the wheel of {name}".encode()
        (folder / f"{name}-1-py3-none-any.whl").write_bytes(content)
        packages[name] = {
            "name": name, "version": "1", "file_name": f"{name}-1-py3-none-any.whl", "imports": [name],
            "depends": {"sympy": ["mpmath"], "scikit-learn": ["scipy"]}.get(name, []),
            "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
    for name in pyodide.CHECKSUMS:
        (folder / name).write_text(f"the runtime's {name}", encoding="utf-8")
    (folder / pyodide.LOCK).write_text(
        json.dumps({"info": {"abi_version": "1"}, "packages": packages}), encoding="utf-8"
    )
    return folder


def test_pyodide_is_cut_down_to_what_the_course_needs(distribution, tmp_path):
    target = tmp_path / "target"
    names = pyodide.install(target, [lite.course_wheel(tmp_path)], distribution)
    assert names == ["matplotlib", "micropip", "mpmath", "numpy", "neural-network-course-pack"]
    packages = json.loads((target / pyodide.LOCK).read_text(encoding="utf-8"))["packages"]
    assert set(packages) == {*names, "scikit-learn", "scipy", "sympy"}
    assert packages["scikit-learn"]["imports"] == ["sklearn", "helpers.datasets"]
    assert {path.name for path in target.iterdir()} == {
        *pyodide.CHECKSUMS, *(entry["file_name"] for entry in packages.values())
    }  # fmt: skip
    for entry in packages.values():
        assert pooch.file_hash(target / entry["file_name"]) == entry["sha256"]


def test_what_is_damaged_or_missing_is_said(distribution, tmp_path):
    wheel = distribution / "numpy-1-py3-none-any.whl"
    wheel.write_bytes(b"something else")
    with pytest.raises(InputError, match="numpy-1.* is damaged"):
        pyodide.install(tmp_path / "one", [], distribution)
    wheel.unlink()
    with pytest.raises(InputError, match="numpy-1.* is missing"):
        pyodide.install(tmp_path / "two", [], distribution)
    (distribution / pyodide.LOCK).write_text('{"info": {"abi_version": 1}, "packages": {"numpy": {}}}')
    with pytest.raises(InputError, match="has no matplotlib, mpmath, micropip, scikit-learn"):
        pyodide.install(tmp_path / "three", [], distribution)
    (distribution / pyodide.LOCK).write_text("<html>")
    with pytest.raises(InputError, match="is not Pyodide's list"):
        pyodide.install(tmp_path / "four", [], distribution)


def test_what_is_fetched_is_checked_and_fetched_once(distribution, tmp_path, monkeypatch):
    sums = {name: pooch.file_hash(distribution / name) for name in pyodide.CHECKSUMS}
    monkeypatch.setattr(pyodide, "CHECKSUMS", sums)
    with site(distribution) as server:
        monkeypatch.setattr(pyodide, "RUNTIME", server.address)
        monkeypatch.setattr(pyodide, "PACKAGES", server.address)
        folder = pyodide.fetch(tmp_path / "cache")
        assert (folder / "scipy-1-py3-none-any.whl").exists() and not (folder / "unused-1-py3-none-any.whl").exists()
        (folder / "pyodide.mjs").write_text("damaged", encoding="utf-8")
        (distribution / "numpy-1-py3-none-any.whl").unlink()  # it is there already, and not asked for again
        assert pooch.file_hash(pyodide.fetch(folder) / "pyodide.mjs") == sums["pyodide.mjs"]
        (folder / "pyodide.mjs").unlink()
        (distribution / "pyodide.mjs").write_text("another", encoding="utf-8")
        with pytest.raises(InputError, match="hash.*--pyodide FOLDER.*--without-lite"):
            pyodide.fetch(folder)
        assert not (folder / "pyodide.mjs").exists()
    with pytest.raises(InputError, match="cannot be fetched"):
        pyodide.fetch(folder)


def test_one_version_of_everything():
    lines = [line for line in pyodide.KERNEL.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 and "-" not in line for line in lines), lines
    assert {line.split("==")[0] for line in lines} >= {"ipython", "ipywidgets", *lite.EXTENSIONS}
    assert "[lock]" not in "".join(lines)


def test_without_jupyterlite_the_advice_is_given(tmp_path, monkeypatch):
    monkeypatch.setattr(lite.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install -r helpers/shell/site/requirements.txt"):
        lite.build(tmp_path / "lite")


def test_a_page_downloads_nothing_and_says_where_work_is_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS", raising=False)
    monkeypatch.setattr(mnist, "IN_COURSE", tmp_path)
    monkeypatch.setattr(mnist, "_fetch", lambda *_: pytest.fail("a page has no sockets"))
    monkeypatch.setattr(mnist, "cache_folder", lambda: pytest.fail("a page has no cache"))
    problems = []
    assert mnist.search(lambda *said: problems.append(said), retry=True) == (None, None)
    assert problems == [("in data/mnist, train-images-idx3-ubyte is missing", mnist.STAND_IN)]
    notebook.ready()
    assert "kept in this browser only" in capsys.readouterr().out
    assert doctor.packages() == [] and "cannot download" in doctor.mnist().found


def test_a_machine_says_nothing_of_a_browser(capsys):
    notebook.ready()
    assert "browser" not in capsys.readouterr().out
