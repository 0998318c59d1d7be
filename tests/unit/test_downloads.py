"""Downloads against a server that misbehaves: good data or one clear line, no damaged file left behind."""

import _thread
import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from helpers import files
from helpers.datasets import load_mnist
from helpers.mnist import downloads
from helpers.mnist.downloads import Patience, Status, Unavailable, fetch
from helpers.mnist.sources import Cache, Mirrors, Network, OpenML, _from_openml
from tests.unit.small_mnist import ARRAYS, CONTENTS, PARTS, fill, is_good, wait_until, web_server

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {
    "403": "answers 403 Forbidden",
    "404": "answers 404 Not Found",
    "500": "answers 500 Internal Server Error",
    "loop": "fails (TooManyRedirects)",
    "half": "broke off",
    "short": "is cut short",
    "wrong": "holds other bytes than MNIST",
    "garbage": "is not an IDX file",
    "page": "is a web page, not data",
    "empty": "is empty",
    "flood": "sends far more than the file",
    "drip": "is too slow",
    "silent": "does not answer",
    "hangs up": "cannot be reached",
}


@pytest.fixture(scope="module")
def server():
    with web_server() as running:
        yield running


@pytest.fixture(autouse=True)
def network_allowed(monkeypatch):
    monkeypatch.delenv(downloads.FORBIDDEN, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def load(server):
    """A load from the server's mirrors with these behaviours, with little patience."""

    def load(cache, *behaviours, quiet=False):
        server.requests.clear()
        mirrors = [f"{server.address}{behaviour}/" for behaviour in behaviours]
        network = Network(cache, [Mirrors(cache, mirrors, PARTS, patience=3.0, stall=1.0)])
        return load_mnist(quiet, sources=[Cache(cache, PARTS), network])

    return load


def names(folder):
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


ALL_FOUR = sorted(f"{name}.gz" for name in CONTENTS)


# ---------------------------------------------------------------------------------------------- good servers


@pytest.mark.parametrize("behaviour", ["good", "redirect", "unannounced"])
def test_a_good_download_is_kept(load, server, tmp_path, capsys, behaviour):
    assert is_good(load(tmp_path, behaviour))
    assert capsys.readouterr().out == (
        f"MNIST: 40 training and 10 test images, from {downloads.server(server.address)}.\n"
    )
    assert names(tmp_path) == ALL_FOUR
    assert is_good(load(tmp_path, "404")) and not server.requests
    assert capsys.readouterr().out == "MNIST: 40 training and 10 test images, from the cache.\n"


def test_a_server_that_unzips_on_the_way(load, tmp_path):
    assert is_good(load(tmp_path, "unzipped"))
    assert names(tmp_path) == sorted(CONTENTS)
    assert is_good(load(tmp_path, "404"))


def test_quiet_is_quiet(load, tmp_path, capsys):
    assert is_good(load(tmp_path / "a", "404", "good", quiet=True))
    assert not load(tmp_path / "b", "404", quiet=True).is_mnist
    assert capsys.readouterr() == ("", "")


def test_only_what_is_missing_is_downloaded(load, server, tmp_path):
    fill(tmp_path)
    (tmp_path / ALL_FOUR[1]).write_bytes(b"damaged")
    (tmp_path / ALL_FOUR[2]).unlink()
    digits = load(tmp_path, "good")
    assert is_good(digits) and names(tmp_path) == ALL_FOUR
    assert sorted(server.requests) == [f"/good/{ALL_FOUR[1]}", f"/good/{ALL_FOUR[2]}"]
    assert digits.notes == (f"MNIST: in the cache, {ALL_FOUR[1]} is not an IDX file (removed); next: a download.",)


# ----------------------------------------------------------------------------------------------- bad servers


@pytest.mark.parametrize("behaviour", FAULTS)
def test_after_a_bad_server_comes_the_next(load, tmp_path, behaviour):
    digits = load(tmp_path, behaviour, "good")
    assert is_good(digits)
    (line,) = digits.notes
    assert FAULTS[behaviour] in line and "taken from 127.0.0.1" in line and "\n" not in line
    assert names(tmp_path) == ALL_FOUR


@pytest.mark.parametrize("behaviour", FAULTS)
def test_with_bad_servers_alone_the_small_digits_stand_in(load, tmp_path, capsys, behaviour):
    digits = load(tmp_path, behaviour)
    assert not digits.is_mnist and digits.x_train.shape == (1437, 784)
    (line,) = digits.notes
    assert FAULTS[behaviour] in line and line.endswith("next: the digits inside scikit-learn.")
    out = capsys.readouterr().out
    assert out.startswith(line + "\nMNIST is not to be had here. In its place: the 1,797 small")
    assert out.count("\n") == 2
    assert names(tmp_path) == ["download-failed"]


def test_nothing_listens(tmp_path):
    with web_server() as gone:
        address = gone.address
    with pytest.raises(Unavailable, match="127.0.0.1:[0-9]+ cannot be reached"):
        fetch(address + "good/x.gz", 1000)


def test_a_name_that_takes_for_ever_to_resolve(monkeypatch):
    import socket

    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait(20))
    with pytest.raises(Unavailable, match="example.invalid does not answer"):
        fetch("http://example.invalid/x.gz", 1000, answer=0.3)
    never.set()


def test_silent_servers_share_one_patience():
    patience = Patience(1.0)
    for _ in range(3):
        with patience as answer:
            pass
        assert answer == 0.5  # who answers costs nothing
    waits = []
    for _ in range(4):
        with contextlib.suppress(Unavailable), patience as answer:
            waits.append(answer)
            patience._since -= answer  # as if it had been silent for all that time
            raise Unavailable("does not answer")
    assert waits == [0.5, 0.25, 0.125, 0.0625]


# -------------------------------------------------------------------------------- not asking again and again


def test_a_failure_is_remembered_for_a_while(load, server, tmp_path, monkeypatch):
    load(tmp_path, "404")
    assert server.requests
    assert "failed a short while ago" in load(tmp_path, "good").notes[0] and not server.requests
    monkeypatch.setattr(downloads, "_failed", {})  # another process
    assert not load(tmp_path, "good").is_mnist and not server.requests
    long_ago = time.time() - downloads.RETRY_AFTER - 1
    os.utime(tmp_path / "download-failed", (long_ago, long_ago))
    assert is_good(load(tmp_path, "good"))


def test_a_failure_is_forgotten_on_demand(load, tmp_path):
    load(tmp_path, "404")
    downloads.forget_failure(tmp_path)
    assert is_good(load(tmp_path, "good")) and names(tmp_path) == ALL_FOUR


def test_a_failure_is_remembered_without_a_cache(load, server):
    load(None, "404")
    assert not load(None, "good").is_mnist and not server.requests
    downloads.forget_failure(None)
    assert is_good(load(None, "good"))


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_downloads_can_be_switched_off(load, server, tmp_path, monkeypatch, word):
    monkeypatch.setenv(downloads.FORBIDDEN, word)
    (line,) = load(tmp_path, "good").notes
    assert "downloads are switched off (COURSE_PACK_DOWNLOADS)" in line
    assert not server.requests and not names(tmp_path)
    assert is_good(load(fill(tmp_path / "filled"), "good"))  # what is there already is used


# ------------------------------------------------------------------------------ caches that cannot be written


@contextlib.contextmanager
def without_privileges():
    """Root may write everywhere: become somebody else for a moment."""
    if os.name == "nt":
        pytest.skip("folders cannot be made read-only in this way on Windows")
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def read_only():
    """An empty folder that can be read but not written. (Others cannot enter pytest's temporary folders.)"""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        yield Path(folder)
        os.chmod(folder, 0o755)


def test_a_read_only_cache(load, read_only, capsys):
    with without_privileges():
        digits = load(read_only, "good")
    assert is_good(digits) and not names(read_only)
    assert digits.notes == ("MNIST: what was downloaded is used but cannot be kept in the cache (Permission denied).",)


def test_damaged_files_in_a_read_only_cache(load, read_only):
    os.chmod(read_only, 0o755)
    fill(read_only, ending="")
    (read_only / "train-labels-idx1-ubyte").write_bytes(b"")
    os.chmod(read_only, 0o555)
    with without_privileges():
        digits = load(read_only, "good")
    assert is_good(digits)
    assert "train-labels-idx1-ubyte is empty (not used); next: a download" in digits.notes[0]


def test_a_cache_that_cannot_exist(load, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    digits = load(tmp_path / "file" / "cache", "good")
    assert is_good(digits) and "cannot be kept in the cache" in digits.notes[0] and len(digits.notes) == 1
    assert not load(tmp_path / "file" / "other", "404").is_mnist


def test_a_full_disk(load, tmp_path):
    """Writing stops in the middle of a file. The limit on the size of files makes the system do that."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        digits = load(tmp_path, "good", quiet=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert is_good(digits) and len(digits.notes) == 1 and "cannot be kept in the cache" in digits.notes[0]
    # No half file, and no temporary one.
    assert names(tmp_path) == [name for name in ALL_FOUR if "train-images" not in name]


def test_a_shared_cache_can_be_read_by_others(load, tmp_path):
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    before = os.umask(0o022)
    try:
        load(tmp_path, "good")
    finally:
        os.umask(before)
    assert {os.stat(tmp_path / name).st_mode & 0o777 for name in names(tmp_path)} == {0o644}


def test_what_a_killed_process_left_is_removed_later(tmp_path):
    old, new = tmp_path / ".name.gz-a.part", tmp_path / ".name.gz-b.part"
    for leftover in (old, new):
        leftover.write_bytes(b"half a fi")
    os.utime(old, (0, 0))
    files.write(tmp_path / "name.gz", b"whole")
    assert names(tmp_path) == [new.name, "name.gz"]  # the new one may belong to somebody who is writing now


# -------------------------------------------------------------------------------------- stopped, and together


def test_the_stop_button(load, server, tmp_path, request):
    # Tests that a shell runs in the background are started with Ctrl+C ignored; a kernel never is.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    fill(tmp_path)
    (tmp_path / ALL_FOUR[2]).unlink()
    server.requests.clear()
    threading.Thread(target=lambda: (wait_until(lambda: server.requests), _thread.interrupt_main())).start()
    with pytest.raises(KeyboardInterrupt):
        Mirrors(tmp_path, [server.address + "drip/"], PARTS, stall=20).load(print, Status(quiet=True))
    assert names(tmp_path) == [name for name in ALL_FOUR if name != ALL_FOUR[2]]
    assert is_good(load(tmp_path, "good"))


def test_an_abandoned_transfer_comes_to_an_end(server, monkeypatch):
    """The drip would go on for 20 minutes; its thread stops at the next piece when nobody waits any more."""

    def transfers():
        return [thread for thread in threading.enumerate() if thread.name == downloads._THREAD]

    class Stopped(Status):
        def show(self, text):
            if " 0.0 of " in text:
                raise KeyboardInterrupt

    monkeypatch.setattr(downloads, "_CHUNK", 1)
    before = transfers()
    with pytest.raises(KeyboardInterrupt):
        fetch(f"{server.address}drip/train-images-idx3-ubyte.gz", 100_000, status=Stopped(quiet=True))
    wait_until(lambda: set(transfers()) <= set(before))


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from helpers.datasets import load_mnist
from helpers.mnist.sources import Cache, Mirrors, Network
from tests.unit.small_mnist import PARTS, is_good
cache = Path({cache!r})
mirrors = Mirrors(cache, [{mirror!r}], PARTS, stall=30)
print("ready", flush=True)
sys.stdin.readline()
digits = load_mnist(sources=[Cache(cache, PARTS), Network(cache, [mirrors])])
print(is_good(digits))
"""


def start(cache, mirror):
    program = PROGRAM.format(root=str(ROOT), cache=str(cache), mirror=mirror)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_killed_process_leaves_nothing(server, load, tmp_path):
    process = start(tmp_path, server.address + "drip/")
    server.requests.clear()
    go(process)
    wait_until(lambda: server.requests)
    process.kill()
    process.communicate()
    assert not names(tmp_path)
    assert is_good(load(tmp_path, "good"))


def test_processes_at_once_do_not_collide(server, tmp_path):
    processes = [start(tmp_path, server.address + "good/") for _ in range(3)]
    for process in processes:
        go(process)
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert out.endswith("True\n") and out.count("\n") == 2, out
    assert names(tmp_path) == ALL_FOUR


# --------------------------------------------------------------------------------------------------- OpenML


def as_openml(arrays=ARRAYS):
    """The small set as scikit-learn returns MNIST: 64-bit floats, and labels that are text."""
    x_train, y_train, x_test, y_test = arrays
    images = np.concatenate([x_train, x_test]).reshape(-1, 784).astype(float)
    return images, np.concatenate([y_train, y_test]).astype(str).astype(object)


def from_openml(server, cache, fetch, probe="page", longest=20.0):
    server.requests.clear()
    source = OpenML(cache, PARTS, fetch, f"{server.address}{probe}/x.gz", answer=0.5, longest=longest)
    return load_mnist(sources=[Network(cache, [Mirrors(cache, [server.address + "404/"], PARTS), source])])


def test_openml_is_verified_and_kept(server, load, tmp_path, capsys):
    assert is_good(from_openml(server, tmp_path, as_openml))
    assert capsys.readouterr().out == "MNIST: 40 training and 10 test images, from OpenML.\n"
    assert names(tmp_path) == ALL_FOUR and is_good(load(tmp_path, "404"))


def hang():
    time.sleep(3)


def broken():
    raise RuntimeError("whatever scikit-learn may raise")


@pytest.mark.parametrize(
    "fetch, probe, reason",
    [
        (lambda: as_openml([ARRAYS[0][::-1], *ARRAYS[1:]]), "page", "OpenML sent holds other bytes than MNIST"),
        (lambda: as_openml([ARRAYS[0], ARRAYS[1] + 1, *ARRAYS[2:]]), "page", "OpenML sent holds other bytes"),
        (lambda: as_openml([array[:7] for array in ARRAYS]), "page", "what OpenML sent is cut short"),
        (lambda: (as_openml()[0], np.full(50, "five", object)), "page", "OpenML fails (ValueError)"),
        (lambda: None, "page", "OpenML fails (TypeError)"),
        (broken, "page", "OpenML fails (RuntimeError)"),
        (hang, "page", "www.openml.org is too slow"),
        (as_openml, "404", "answers 404 Not Found"),
        (as_openml, "silent", "does not answer"),
    ],
)
def test_a_bad_openml(server, tmp_path, fetch, probe, reason):
    digits = from_openml(server, tmp_path, fetch, probe, longest=0.3)
    assert not digits.is_mnist and reason in digits.notes[0] and len(digits.notes) == 1
    assert "download-failed" in names(tmp_path)
    assert Cache(tmp_path, PARTS).load(print, None) is None  # and nothing that is damaged


def test_scikit_learn_is_asked_in_a_way_that_it_understands(monkeypatch):
    """Without a network it must fail for want of the network, quickly, and for no other reason."""

    def no_network(*_, **__):
        raise OSError("no network")

    with monkeypatch.context() as patch:
        patch.setattr("socket.getaddrinfo", no_network)
        with pytest.raises(OSError, match="no network"):
            _from_openml()


# ----------------------------------------------------------------------------------------- the line meanwhile


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_line_shows_progress_and_goes_away(server, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(Unavailable):
        fetch(server.address + "drip/train-images-idx3-ubyte.gz", 100_000, stall=0.5, status=Status())
    shown = sys.stdout.getvalue()
    assert "train-images-idx3-ubyte.gz: ░░░░░░░░░░░░░░░░░░░░ 0.0 of 0.0 MB" in shown
    assert shown.rpartition("\r")[2] == "" and shown.split("\r")[-2].strip() == ""

    monkeypatch.setattr(sys, "stdout", io.StringIO())  # a log: no line that is overwritten
    with pytest.raises(Unavailable):
        fetch(server.address + "silent/x.gz", 100, answer=0.3, status=Status())
    assert sys.stdout.getvalue() == ""


def test_the_bar_fills():
    transfer = downloads._Transfer(largest=4_000_000)
    assert transfer.as_text() == "waiting for an answer …"
    transfer.total = 4_000_000
    transfer.write(bytes(1_000_000))
    assert transfer.as_text() == "█████░░░░░░░░░░░░░░░ 1.0 of 4.0 MB"
    transfer.total = 0  # a server that does not say
    assert transfer.as_text() == "1.0 MB"
