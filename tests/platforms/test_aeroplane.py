"""Every notebook from top to bottom where there is no network: nothing fails, and nothing warns.

The kernel itself needs the loopback interface: only what leads elsewhere is cut off, in the kernel's process.
"""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: Run before the notebook's own cells. A warning that our own code or a cell causes is an error here.
TAKE_OFF = """
import ipaddress, socket, warnings
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
def _here(host):
    try:
        return host in (None, "", "localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
def _guarded(do):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _here(address[0]):
            raise OSError(101, "Network is unreachable")
        return do(self, address)
    return connect
def _lookup(host, *rest, **more):
    if not _here(host if not isinstance(host, bytes) else host.decode()):
        raise socket.gaierror(-3, "Temporary failure in name resolution")
    return _getaddrinfo(host, *rest, **more)
socket.socket.connect, socket.socket.connect_ex = _guarded(_connect), _guarded(_connect_ex)
socket.getaddrinfo = _lookup
warnings.filterwarnings("error", module=r"(helpers|__main__)(\\.|$)")
"""


def fly(notebook, monkeypatch, tmp_path, folder=ROOT / "notebooks"):
    """Run the notebook without a network and with nothing downloaded before; gives it with its outputs."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS", raising=False)
    monkeypatch.setenv("COURSE_PACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_PACK_PROGRESS", "off")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.cells.insert(0, nbformat.v4.new_code_cell(TAKE_OFF))
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, startup_timeout=180, kernel_name="python3", resources=where).execute()
    return notebook


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_runs_in_an_aeroplane(path, monkeypatch, tmp_path):
    notebook = fly(nbformat.read(path, as_version=4), monkeypatch, tmp_path)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error" and output.get("name") != "stderr", (cell.id, output)
            assert not re.search(r"\w*Warning\b", json.dumps(output.get("text", ""))), (cell.id, output)
    source = "\n".join(cell.source for cell in notebook.cells)
    if "load_mnist(" in source:
        assert "inside scikit-learn" in json.dumps(notebook.cells), "the notice that the stand-in is used"


@pytest.mark.parametrize("cell", [
    "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "import urllib.request; urllib.request.urlopen('https://example.org', timeout=1)",
    "import warnings; warnings.warn('old', DeprecationWarning, stacklevel=1)",
])  # fmt: skip
def test_the_aeroplane_has_no_network_and_hears_warnings(cell, monkeypatch, tmp_path):
    """Otherwise the test above would pass whatever a notebook did."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    with pytest.raises(CellExecutionError, match="unreachable|name resolution|DeprecationWarning"):
        fly(notebook, monkeypatch, tmp_path, tmp_path)
