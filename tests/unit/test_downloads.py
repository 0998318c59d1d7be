"""Downloads against a server that misbehaves: good data or one clear line, no damaged file left behind."""

import _thread
import gc
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pooch
import pytest
import requests

from helpers import files
from helpers.datasets import load_mnist, mnist
from tests.unit.small_mnist import ARRAYS, CONTENTS, fill, is_good, small_world, wait_until, web_server

#: What a download imports on its way is here before a test changes the user, counts threads or measures memory.
IMPORTED = (pooch, requests)
ROOT = Path(__file__).resolve().parents[2]
ALL_FOUR = sorted(f"{name}.gz" for name in CONTENTS)
FAULTS = {
    "403": "error 403 Forbidden",
    "loop": "an answer that cannot be used",
    "astray": "a wrong address on the way",
    "half": "an answer that cannot be used",
    "page": "train-images-idx3-ubyte.gz is a web page, not data",
    "flood": "far more than the file",
    "bomb": "train-images-idx3-ubyte.gz is longer than the original",
    "packed bomb": "train-images-idx3-ubyte.gz is shorter than the original",  # never unpacked twice
    "drip": "no answer in time",
    "silent": "no answer in time",
    "hangs up": "an answer that cannot be used",
    "rubbish": "an answer that cannot be used",
}


@pytest.fixture(scope="module")
def server():
    with web_server() as running:
        yield running


@pytest.fixture(autouse=True)
def small(server, monkeypatch, tmp_path):
    """The small set, downloads allowed, little patience, and no proxy but one that a test asks for."""
    small_world(monkeypatch, tmp_path)
    server.requests.clear()
    monkeypatch.delenv(mnist.DOWNLOADS, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(mnist, "PATIENCE", 1.0)
    monkeypatch.setattr(mnist, "STALL", 1.0)
    monkeypatch.setattr(mnist, "OPENML", f"{server.address}403/openml")


@pytest.fixture
def load(server, monkeypatch):
    """load(behaviours, …): load from mirrors that behave so."""

    def load(*behaviours, **more):
        server.requests.clear()
        monkeypatch.setattr(mnist, "MIRRORS", [f"{server.address}{behaviour}/" for behaviour in behaviours])
        return load_mnist(**more)

    return load


def names(folder):
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


# ---- good servers and bad ones -------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", ["good", "redirect", "packed"])
def test_a_good_download_is_kept(load, server, tmp_path, capsys, behaviour):
    assert is_good(load(behaviour))
    host = server.address.split("/")[2]
    assert capsys.readouterr().out == f"MNIST: 40 training and 10 test images, from {host}.\n"
    assert names(tmp_path / "mnist") == ALL_FOUR
    assert is_good(load("403")) and not server.requests
    assert capsys.readouterr().out == "MNIST: 40 training and 10 test images, from the cache.\n"


def test_only_what_is_missing_is_downloaded(load, server, tmp_path, capsys):
    cache = fill(tmp_path / "mnist")
    (cache / ALL_FOUR[1]).write_bytes(b"damaged")
    (cache / ALL_FOUR[2]).unlink()
    assert is_good(load("good")) and names(cache) == ALL_FOUR
    assert sorted(server.requests) == [f"/good/{ALL_FOUR[1]}", f"/good/{ALL_FOUR[2]}"]
    line = f"MNIST: in the cache, {ALL_FOUR[1]} is shorter than the original (removed); next: a download."
    assert capsys.readouterr().out.splitlines()[0] == line


@pytest.mark.parametrize("behaviour", FAULTS)
def test_after_a_bad_server_comes_the_next(load, server, tmp_path, capsys, behaviour):
    assert is_good(load(behaviour, "good"))
    host = server.address.split("/")[2]
    line, _ = capsys.readouterr().out.splitlines()
    assert line == f"MNIST: nothing from {host} ({FAULTS[behaviour]}); taken from {host} instead."
    assert names(tmp_path / "mnist") == ALL_FOUR


def test_with_bad_servers_alone_the_small_digits_stand_in(load, tmp_path, capsys):
    digits = load("403", "half", "403")
    assert not digits.is_mnist and digits.x_train.shape == (1437, 784)
    line, notice = capsys.readouterr().out.splitlines()
    assert line.count("error 403 Forbidden") == 1, "the servers with one reason are named together"
    assert line.endswith(" (an answer that cannot be used); next: the digits inside scikit-learn.")
    assert notice.startswith("MNIST is not to be had here. In its place: the 1,797 small")
    assert names(tmp_path / "mnist") == ["download-failed"]
    load("403", quiet=True)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("behaviour", ["silent", "drip", "name"])
def test_servers_that_send_nothing_share_one_patience(load, monkeypatch, behaviour):
    """However many there are, and whatever it is that hangs. (The look-up of a name cannot be given a time limit.)"""
    over = threading.Event()
    if behaviour == "name":
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20))
    began = time.monotonic()
    try:
        assert not load(*["drip" if behaviour == "drip" else "silent"] * 5, quiet=True).is_mnist
    finally:
        over.set()
    assert 0.9 < time.monotonic() - began < 3


def test_what_a_server_sends_is_never_unpacked_beyond_the_size_of_the_file(load, monkeypatch):
    """Neither in the download nor after it: the largest piece in memory tells."""
    import tracemalloc

    load("good")  # what is imported on the way
    tracemalloc.start()
    load("bomb", "packed bomb", retry=True, quiet=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "proxy, behaviour, reason",
    [
        ("http://ann:secret@127.0.0.1:9", "good", "not to be reached, through the proxy http://127.0.0.1:9"),
        ("http://h:99999", "good", "a wrong address on the way, through the proxy http://h:99999"),
        ("bell\x07\x1b[31m:80", "good", "a wrong address on the way, through the proxy bell[31m:80"),
        ("server", "407", "error 407 Proxy Authentication Required, through the proxy http://127.0.0.1"),
        ("server", "silent", "no answer in time, through the proxy http://127.0.0.1"),
    ],
)
def test_the_proxy_is_named(server, monkeypatch, capsys, proxy, behaviour, reason):
    monkeypatch.setattr(mnist, "PATIENCE", 1 if behaviour == "silent" else 20)  # Windows takes two seconds to refuse
    monkeypatch.setenv("http_proxy", server.address if proxy == "server" else proxy)
    monkeypatch.setattr(mnist, "MIRRORS", [f"http://example.invalid/{behaviour}/"])
    load_mnist()
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith("MNIST: nothing from example.invalid") and reason in line
    assert "secret" not in line and line.isprintable()


# ---- not asking again and again ------------------------------------------------------------------


def test_a_failure_is_remembered_for_a_while(load, server, tmp_path, capsys):
    load("403")
    assert server.requests
    capsys.readouterr()
    load("good")
    assert "failed a short while ago" in capsys.readouterr().out and not server.requests
    assert not load("403", retry=True).is_mnist and server.requests
    long_ago = time.time() - mnist.RETRY_AFTER - 1
    os.utime(tmp_path / "mnist" / "download-failed", (long_ago, long_ago))
    assert is_good(load("good"))


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_downloads_can_be_switched_off(load, server, tmp_path, monkeypatch, capsys, word):
    monkeypatch.setenv(mnist.DOWNLOADS, word)
    load("good")
    assert "downloads are switched off (COURSE_PACK_DOWNLOADS)" in capsys.readouterr().out
    assert not server.requests and not names(tmp_path / "mnist")
    fill(tmp_path / "mnist")
    assert is_good(load("good"))  # what is there already is used


# ---- caches that cannot be written ---------------------------------------------------------------


@pytest.fixture
def read_only(monkeypatch):
    """A cache that can be read but not written, for somebody who is not root. (Others cannot enter pytest's folders.)"""
    if os.name == "nt":
        pytest.skip("folders cannot be made read-only in this way on Windows")
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv(mnist.CACHE, folder)
        cache = fill(Path(folder) / "mnist", ending="")
        for part in ("train", "t10k"):
            (cache / f"{part}-labels-idx1-ubyte").write_bytes(b"")
        for each in (cache, Path(folder)):
            os.chmod(each, 0o555)
        if root:
            os.seteuid(65534)
        yield cache
        if root:
            os.seteuid(0)
        for each in (cache, Path(folder)):
            os.chmod(each, 0o755)


def test_a_read_only_cache_with_a_damaged_file(load, read_only, capsys):
    assert is_good(load("good"))
    first, second, _ = capsys.readouterr().out.splitlines()
    wrong = [f"{part}-labels-idx1-ubyte is shorter than the original" for part in ("train", "t10k")]
    assert first == f"MNIST: in the cache, {' and '.join(wrong)}; next: a download."
    assert second == "MNIST: what was downloaded is used but cannot be kept in the cache (Permission denied)."


def test_a_full_disk(load, tmp_path, capsys):
    """Writing stops in the middle of a file. The limit on the size of files makes the system do that."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        assert is_good(load("good"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cannot be kept in the cache" in capsys.readouterr().out
    # No half file, and no temporary one.
    assert names(tmp_path / "mnist") == [name for name in ALL_FOUR if "train-images" not in name]


def test_what_a_killed_process_left_is_removed_later(tmp_path):
    old, new = tmp_path / ".name.gz-a.part", tmp_path / ".name.gz-b.part"
    for leftover in (old, new):
        leftover.write_bytes(b"half a fi")
    os.utime(old, (0, 0))
    before = os.umask(0o022)
    try:
        files.write(tmp_path / "name.gz", b"whole")
    finally:
        os.umask(before)
    assert names(tmp_path) == [new.name, "name.gz"]  # the new one may belong to somebody who is writing now
    if os.name != "nt":
        assert (tmp_path / "name.gz").stat().st_mode & 0o777 == 0o644, "a cache may be shared"


# ---- stopped, and together -----------------------------------------------------------------------


def test_the_stop_button(load, server, tmp_path, monkeypatch, request):
    # Tests that a shell runs in the background are started with Ctrl+C ignored; a kernel never is.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    monkeypatch.setattr(mnist, "PATIENCE", 40)
    monkeypatch.setattr(mnist, "PIECE", 1)
    threads = threading.active_count()
    threading.Thread(target=lambda: (wait_until(lambda: server.requests), _thread.interrupt_main())).start()
    with pytest.raises(KeyboardInterrupt):
        load("drip")
    assert not names(tmp_path / "mnist")
    # The drip would go on for ever: the thread that reads it stops at the next piece, and the server's with it.
    # (Its connection is closed when Python collects what the exception held.)
    wait_until(lambda: gc.collect() >= 0 and threading.active_count() <= threads)
    assert is_good(load("good"))


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from helpers.datasets import load_mnist, mnist
from tests.unit.small_mnist import PARTS, is_good
mnist.PARTS, mnist.MIRRORS, mnist.PATIENCE = PARTS, [{mirror!r}], 60
print("ready", flush=True)
sys.stdin.readline()
print(is_good(load_mnist()))
"""


def test_processes_at_once_do_not_collide(server, tmp_path):
    program = PROGRAM.format(root=str(ROOT), mirror=server.address + "good/")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", program], **pipes) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert out.endswith("True\n") and out.count("\n") == 2, out
    assert names(tmp_path / "mnist") == ALL_FOUR


# ---- OpenML --------------------------------------------------------------------------------------


def as_openml(arrays=ARRAYS):
    """The small set as scikit-learn returns MNIST: 64-bit floats, and labels that are text."""
    x_train, y_train, x_test, y_test = arrays
    images = np.concatenate([x_train, x_test]).reshape(-1, 784).astype(float)
    return images, np.concatenate([y_train, y_test]).astype(str).astype(object)


@pytest.fixture
def from_openml(server, load, monkeypatch):
    """from_openml(fetch): load where no mirror has anything, and OpenML answers with fetch()."""

    def from_openml(fetch):
        monkeypatch.setattr(mnist, "OPENML", f"{server.address}page/openml")
        monkeypatch.setattr(mnist, "_ask_openml", fetch)
        return load("403")

    return from_openml


def test_openml_is_verified_and_kept(from_openml, load, tmp_path):
    assert is_good(from_openml(as_openml))
    assert names(tmp_path / "mnist") == ALL_FOUR and is_good(load("403"))


def broken():
    raise RuntimeError("whatever scikit-learn may raise")


@pytest.mark.parametrize(
    "fetch",
    [
        lambda: as_openml([ARRAYS[0][::-1], *ARRAYS[1:]]),
        lambda: as_openml([array[:7] for array in ARRAYS]),
        lambda: (as_openml()[0], np.full(50, "five", object)),
        lambda: None,
        broken,
    ],
)
def test_a_bad_openml(from_openml, tmp_path, capsys, fetch):
    assert not from_openml(fetch).is_mnist
    assert "(not MNIST, or in a form that cannot be read); next" in capsys.readouterr().out.splitlines()[0]
    assert not any(
        array is not None and not np.array_equal(array, good)
        for array, good in zip(mnist.present(tmp_path / "mnist")[0], ARRAYS, strict=True)
    )


def test_a_slow_openml(from_openml, monkeypatch, capsys):
    monkeypatch.setattr(mnist, "LONGEST", 0.2)
    assert not from_openml(lambda: time.sleep(2)).is_mnist
    assert "(too slow)" in capsys.readouterr().out


def test_scikit_learn_is_asked_in_a_way_that_it_understands(monkeypatch):
    """Without a network it must fail for want of the network, quickly, and for no other reason."""

    def no_network(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", no_network)
    with pytest.raises(OSError, match="no network"):
        mnist._ask_openml()


# ---- the bar meanwhile ---------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_fills_and_goes_away(load, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(mnist, "STALL", 0.3)
    load("drip")
    shown, bar, *_ = sys.stdout.getvalue().split("\r"), "MNIST: 0.0 MB from 127.0.0.1"
    assert any(bar in line for line in shown)
    assert shown[-2].strip() == "" and shown[-1].startswith("MNIST: nothing from"), "a line takes the bar's place"
