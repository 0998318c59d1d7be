"""The data that notebooks use: what comes out is MNIST, or says that it is not."""

import gzip
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from helpers import datasets
from helpers.datasets import (
    Digits,
    load_mnist,
    mnist,
    one_hot,
    standin,
    true_curve,
    two_digits,
)
from helpers.errors import InputError
from tests.unit.small_mnist import CONTENTS, fill, is_good, small_set, small_world

TRAIN_X, TRAIN_Y, TEST_X, TEST_Y = CONTENTS


@pytest.fixture
def small(monkeypatch, tmp_path):
    """The small set instead of MNIST; gives the folder in which course/ and mnist/, the cache, are looked into."""
    small_world(monkeypatch, tmp_path)
    return tmp_path


# ---- folders that are right ----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dotted", [False, True])
def test_every_usual_name(small, capsys, ending, dotted):
    contents = {name.replace("-idx", ".idx") if dotted else name: content for name, content in CONTENTS.items()}
    fill(small / "course", contents, ending)
    assert is_good(load_mnist())
    assert capsys.readouterr().out == "MNIST: 40 training and 10 test images, from data/mnist.\n"


def test_the_order_of_the_places(small, monkeypatch):
    """Each is taken away when it has served."""
    monkeypatch.setenv(mnist.FOLDER, str(fill(small / "own")))
    fill(small / "course")
    fill(small / "mnist")
    sources = []
    for folder in ("own", "course", "mnist"):
        sources.append(load_mnist(quiet=True).source)
        for name in CONTENTS:
            (small / folder / f"{name}.gz").unlink()
    assert sources == ["the folder that MNIST_DIR names", "data/mnist", "the cache"]
    assert load_mnist(quiet=True).source == mnist.STAND_IN


def test_a_damaged_file_beside_a_good_one(small, capsys):
    fill(small / "course", ending="")
    (small / "course" / f"{TRAIN_X}.gz").write_bytes(b"damaged")
    assert is_good(load_mnist()) and capsys.readouterr().out.count("\n") == 1


def test_what_is_returned(small):
    fill(small / "course")
    digits = load_mnist(quiet=True)
    assert digits._fields == ("x_train", "y_train", "x_test", "y_test")
    assert [array.dtype for array in digits] == [np.float32, np.int64] * 2
    assert digits.x_train.shape == (40, 784) and digits.x_train.max() == 1
    assert not any(array.flags.writeable for array in digits)


def test_where_the_cache_is(monkeypatch):
    monkeypatch.setenv(mnist.CACHE, "off")
    assert mnist.cache_folder() is None
    monkeypatch.delenv(mnist.CACHE)
    assert "neural-network-course-pack" in str(mnist.cache_folder())


# ---- folders that are wrong ----------------------------------------------------------------------


def cut(path):
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])


def put(content, zipped=True):
    return lambda path: path.write_bytes(gzip.compress(content) if zipped else content)


def make_folder(path):
    path.unlink()
    path.mkdir()


def make_pipe(path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes in folders on this system")
    path.unlink()
    os.mkfifo(path)


WRONG = {
    "cut": (TRAIN_X, cut, "train-images-idx3-ubyte.gz is cut short"),
    "empty": (TEST_Y, put(b"", zipped=False), "t10k-labels-idx1-ubyte.gz is shorter than the original"),
    "a bomb": (TEST_X, put(bytes(5_000_000)), "is longer than the original"),
    "one bit": (TRAIN_X, put(CONTENTS[TRAIN_X][:-1] + b"\0"), "differs from the original (its checksum is another)"),
    "a page": (TRAIN_Y, put(b"\n<html>404</html>", zipped=False), "is a web page, not data"),
    "damaged zip": (TRAIN_Y, put(b"\x1f\x8b" + bytes(90), zipped=False), "cannot be unzipped"),
    "a folder": (TEST_Y, make_folder, "t10k-labels-idx1-ubyte is missing"),
    "a pipe": (TEST_Y, make_pipe, "t10k-labels-idx1-ubyte is missing"),
    "one is missing": (TEST_Y, Path.unlink, "t10k-labels-idx1-ubyte is missing"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_never_used(small, capsys, fault):
    name, spoil, reason = WRONG[fault]
    folder = fill(small / "course")
    fill(small / "mnist")
    spoil(folder / f"{name}.gz")
    before = sorted(os.listdir(folder))
    assert is_good(load_mnist())
    line, last = capsys.readouterr().out.splitlines()
    assert line.startswith("MNIST: in data/mnist, ") and line.endswith(f"{reason}; next: the cache.")
    assert last == "MNIST: 40 training and 10 test images, from the cache."
    assert sorted(os.listdir(folder)) == before  # what somebody put there is theirs


@pytest.mark.parametrize("fault", sorted(WRONG.keys() - {"one is missing", "a folder", "a pipe"}))
def test_a_wrong_file_is_removed_from_the_cache(small, capsys, fault):
    name, spoil, reason = WRONG[fault]
    spoil(fill(small / "mnist") / f"{name}.gz")
    assert not load_mnist().is_mnist
    assert f"{reason} (removed); next: a download." in capsys.readouterr().out
    left = {f"{each}.gz" for each in CONTENTS} - {f"{name}.gz"}
    assert set(os.listdir(small / "mnist")) == left


@pytest.mark.parametrize(
    "make, reason",
    [
        (lambda path: None, "the folder that MNIST_DIR names is not there or may not be read"),
        (lambda path: path.mkdir(), "in the folder that MNIST_DIR names, train-images-idx3-ubyte is missing"),
        (lambda path: path.write_text("?"), "the folder that MNIST_DIR names is not there or may not be read"),
    ],
)
def test_a_folder_that_was_promised(small, monkeypatch, capsys, make, reason):
    make(small / "promised")
    monkeypatch.setenv(mnist.FOLDER, str(small / "promised"))
    assert not load_mnist().is_mnist
    assert capsys.readouterr().out.startswith(f"MNIST: {reason}; next: the cache.")


def test_memory(small, monkeypatch):
    """Never the bytes and the floats twice: at most 2.2 times the arrays that are returned."""
    parts, arrays = small_set(3000, 500)
    contents = {part.name: part.encode(array) for part, array in zip(parts, arrays, strict=True)}
    fill(small / "course", contents)
    monkeypatch.setattr(mnist, "PARTS", parts)
    del arrays, contents
    tracemalloc.start()
    digits = load_mnist(quiet=True)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = sum(array.nbytes for array in digits)
    assert now < 1.1 * size and peak < 2.2 * size


# ---- real MNIST ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    if not os.environ.get("MNIST_DIR"):
        pytest.skip("set MNIST_DIR to a folder with the four files of MNIST to test with the real data")
    return load_mnist()


def test_real_mnist(real):
    """That the bytes are right is checked by their checksums; this is what they mean."""
    assert real.is_mnist and real.source == "the folder that MNIST_DIR names"
    assert real.x_train.shape == (60000, 784) and real.x_test.shape == (10000, 784)
    assert real.y_train[:5].tolist() == [5, 0, 4, 1, 9] and real.y_test[:5].tolist() == [7, 2, 1, 0, 4]
    assert real.x_train.mean(dtype=float) == pytest.approx(0.1307, abs=5e-5)  # the constant that everybody uses


def test_a_second_call_returns_the_same_arrays_while_they_are_in_use(real, capsys):
    again = load_mnist()
    assert all(mine is theirs for mine, theirs in zip(again, real, strict=True))
    assert again.source == real.source and again.is_mnist
    assert capsys.readouterr().out == (
        "MNIST: 60,000 training and 10,000 test images, from the folder that MNIST_DIR names.\n"
    )


def test_what_is_no_longer_in_use_is_not_kept(small, monkeypatch):
    fill(small / "course")
    search, calls = mnist.search, []
    monkeypatch.setattr(mnist, "search", lambda *rest, **more: calls.append(more) or search(*rest, **more))
    monkeypatch.setattr(datasets, "_loaded", {})
    first = load_mnist(quiet=True)
    assert load_mnist(quiet=True).x_train is first.x_train and len(calls) == 1
    del first
    kept = load_mnist(quiet=True)
    assert is_good(kept) and len(calls) == 2
    monkeypatch.setenv(mnist.FOLDER, "another")
    assert is_good(load_mnist(quiet=True)) and len(calls) == 3


# ---- the stand-in ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_digits():
    return standin.standin_digits()


def test_the_standin_is_split_evenly_and_always_the_same(small_digits):
    x_train, y_train, x_test, y_test = small_digits
    assert x_train.shape == (1437, 28, 28) and x_test.shape == (360, 28, 28) and x_train.dtype == np.uint8
    assert np.bincount(y_train) / 1437 == pytest.approx(np.bincount(y_test) / 360, abs=0.003)
    standin.standin_digits.cache_clear()
    assert all(map(np.array_equal, small_digits, standin.standin_digits()))


def test_the_standin_is_made_as_mnist_was(small_digits):
    images = small_digits[0].astype(float)
    rows, columns = images.any(axis=2), images.any(axis=1)
    heights, widths = ([np.ptp(np.flatnonzero(line)) + 1 for line in lines] for lines in (rows, columns))
    assert np.all(np.maximum(heights, widths) == 20)  # a box of 20×20 …
    assert np.mean(widths) < 0.85 * np.mean(heights)  # … with the proportions kept
    for axis in (1, 2):  # centred by mass, to the nearest pixel
        centres = images.sum(axis=3 - axis) @ np.arange(28) / images.sum(axis=(1, 2))
        assert np.all(np.abs(centres - 14) < 0.51)
    assert images.max() == 255 and 0.11 < images.mean() / 255 < 0.18  # MNIST: 0.131
    assert 0.3 < np.mean(images[images > 0] < 255) < 0.9  # antialiased: edges are grey


def test_strokes_of_the_standin_are_whole_and_holes_are_open(small_digits):
    from scipy.ndimage import label

    def pieces(image):
        return label(image, np.ones((3, 3)))[1]

    images, labels = small_digits[:2]
    assert np.mean([pieces(image > 60) == 1 for image in images]) > 0.97  # MNIST: 0.98
    round_ones = images[np.isin(labels, (0, 6, 8, 9))]
    assert np.mean([label(image < 120)[1] > 1 for image in round_ones]) > 0.8  # MNIST: 0.87


def test_the_standin_shows_its_labels(small_digits):
    """Each class looks like the original's, upright and not mirrored."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    for digit in (2, 3, 4, 6, 7, 9):
        ours = small_digits[0][small_digits[1] == digit].mean(axis=0)[4:24, 4:24]
        original = np.kron(digits.images[digits.target == digit].mean(axis=0), np.ones((5, 5)))
        original = original.reshape(20, 2, 20, 2).mean(axis=(1, 3))
        turned = (original, original.T, original[::-1], original[:, ::-1])
        right, *wrong = (np.corrcoef(ours.ravel(), picture.ravel())[0, 1] for picture in turned)
        assert right > max(0.6, max(wrong) + 0.1)


# ---- two digits, one-hot --------------------------------------------------------------------------


EVERY_DIGIT = Digits(np.arange(10)[:, None], np.arange(10), np.arange(10)[:, None], np.arange(10))


def test_two_digits():
    data = Digits(*EVERY_DIGIT)
    data.is_mnist, data.source = True, "here"
    pair = two_digits(data, 8, 3)
    assert isinstance(pair, Digits) and [array.tolist() for array in pair] == [[[3], [8]], [1, 0]] * 2
    assert pair.y_train.dtype == np.int64 and pair.x_train.flags.writeable
    assert pair.is_mnist and pair.source == "here"
    assert np.array_equal(two_digits(tuple(EVERY_DIGIT), 8, 3).y_train, pair.y_train)  # any four arrays


def test_one_hot():
    coded = one_hot(np.uint8([2, 0, 1, 2]), classes=3)
    assert coded.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]] and coded.dtype == np.float32
    assert one_hot([9]).shape == (1, 10) and one_hot([]).shape == (0, 10)


# ---- the noisy curve ------------------------------------------------------------------------------


def test_true_curve():
    assert true_curve(np.array([-1.0, 0, 1.0])) == pytest.approx([0.499954602131298, 0, 0.499954602131298], rel=1e-14)
    assert true_curve(np.linspace(-1, 1, 200_001)).mean() == pytest.approx(0.330479591103465, abs=2e-6)


# ---- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function, arguments, message",
    [
        (two_digits, (EVERY_DIGIT, 5, 5), "Choose two different digits: both are 5."),
        (two_digits, (EVERY_DIGIT, 5, 10), "10 is not one of the digits in these data: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        (two_digits, (EVERY_DIGIT, 5.0), "5.0 is not one of the digits"),
        (two_digits, (EVERY_DIGIT, True), "True is not one of the digits"),
        (two_digits, (np.zeros((3, 4)),), "two_digits takes what load_mnist returns"),
        (one_hot, (np.array(["5", 6], object),), "The labels must be whole numbers; '5' is none"),
        (one_hot, ([1.0, 2.0],), "The labels must be whole numbers; 1.0 is none"),
        (one_hot, ([True, False],), "The labels must be whole numbers; True is none"),
        (one_hot, ([0, 10],), "The label 10 is not between 0 and 9, as it must be for 10 classes"),
        (one_hot, (np.eye(10, dtype=int),), r"must have shape \(examples,\), one whole number each, not \(10, 10\)"),
        (one_hot, ([[1], [2, 3]],), "rows of different lengths"),
        (one_hot, ([0], 2.0), "classes is the number of classes"),
    ],
)
def test_what_is_refused(function, arguments, message):
    with pytest.raises(InputError, match=message):
        function(*arguments)
