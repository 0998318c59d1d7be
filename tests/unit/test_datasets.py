"""The data that notebooks use: what comes out is MNIST, or says that it is not."""

import gzip
import os
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from helpers import datasets
from helpers.datasets import Digits, load_mnist, noisy_curve, one_hot, printed_curve, true_curve, two_digits
from helpers.errors import InputError
from helpers.mnist import sources as mnist_sources
from helpers.mnist.files import Part, encode
from helpers.mnist.sources import Cache, Folder
from helpers.mnist.standin import standin_digits
from tests.unit.small_mnist import ARRAYS, CONTENTS, PARTS, fill, is_good, small_set

TRAIN_X, TRAIN_Y, TEST_X, TEST_Y = CONTENTS


# ------------------------------------------------------------------------------------- folders that are right


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dotted", [False, True])
def test_every_usual_name(tmp_path, capsys, ending, dotted):
    contents = {name.replace("-idx", ".idx") if dotted else name: content for name, content in CONTENTS.items()}
    digits = load_mnist(sources=[Folder(fill(tmp_path, contents, ending), "data/mnist", parts=PARTS)])
    assert is_good(digits) and digits.notes == () and digits.source == "data/mnist"
    assert capsys.readouterr().out == "MNIST: 40 training and 10 test images, from data/mnist.\n"


def test_archives_that_unpack_into_folders(tmp_path):
    for name, content in CONTENTS.items():
        fill(tmp_path / name, {name: content}, "")
    assert is_good(load_mnist(sources=[Folder(tmp_path, "data/mnist", parts=PARTS)]))


def test_a_damaged_file_beside_a_good_one(tmp_path):
    fill(tmp_path, ending="")
    (tmp_path / f"{TRAIN_X}.gz").write_bytes(b"damaged")
    assert is_good(load_mnist(sources=[Folder(tmp_path, "data/mnist", parts=PARTS)]))


def test_what_is_returned(tmp_path):
    digits = load_mnist(quiet=True, sources=[Folder(fill(tmp_path), "data/mnist", parts=PARTS)])
    x_train, y_train, x_test, y_test = digits
    assert digits.x_test is x_test and digits._fields == ("x_train", "y_train", "x_test", "y_test")
    for x, y, n in ((x_train, y_train, 40), (x_test, y_test, 10)):
        assert x.shape == (n, 784) and x.dtype == np.float32 and x.flags.c_contiguous
        assert x.min() == 0 and x.max() == 1
        assert y.shape == (n,) and y.dtype == np.int64
        with pytest.raises(ValueError, match="read-only"):
            x -= 0.5


# ------------------------------------------------------------------------------------- folders that are wrong


def cut(path):
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])


def put(content, zipped=True):
    return lambda path: path.write_bytes(gzip.compress(content) if zipped else content)


def exchange(path):
    other = path.with_name(path.name.replace("train", "t10k"))
    mine = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(mine)


def fewer(name, n):
    """The file with n examples."""
    part = next(part for part in PARTS if part.name == name)
    array = ARRAYS[PARTS.index(part)][:n]
    return encode(array, Part(name, array.shape, ""))


def flip_a_bit(path):
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] ^= 1
    path.write_bytes(gzip.compress(content))


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
    "cut before it was zipped": (TRAIN_X, put(CONTENTS[TRAIN_X][:-5]), "is cut short"),
    "cut within the header": (TRAIN_X, put(CONTENTS[TRAIN_X][:6]), "is cut short"),
    "empty": (TEST_Y, put(b"", zipped=False), "t10k-labels-idx1-ubyte.gz is empty"),
    "longer": (TEST_X, put(CONTENTS[TEST_X] + b"\0"), "is longer than it should be"),
    "a bomb": (TEST_X, put(bytes(5_000_000)), "is not an IDX file"),
    "huge": (TEST_X, put(bytes(100_000), zipped=False), "is much larger than it should be"),
    "wrong magic": (TRAIN_Y, put(b"\1\2\3\4" + CONTENTS[TRAIN_Y][4:]), "is not an IDX file"),
    "other type of number": (TRAIN_Y, put(b"\0\0\x0d\1" + CONTENTS[TRAIN_Y][4:]), "is not an IDX file"),
    "images for labels": (TRAIN_Y, put(CONTENTS[TRAIN_X][:48]), "has 3 axes instead of 1"),
    "labels missing": (TRAIN_Y, put(fewer(TRAIN_Y, 39)), "holds an array of shape (39,) instead of (40,)"),
    "swapped": (TRAIN_X, exchange, "images-idx3-ubyte.gz holds what belongs into t10k-images-idx3-ubyte"),
    "one bit": (TRAIN_X, flip_a_bit, "holds other bytes than MNIST (its checksum differs)"),
    "a page": (TRAIN_Y, put(b"<html>404</html>", zipped=False), "is a web page, not data"),
    "damaged zip": (TRAIN_Y, put(b"\x1f\x8b" + bytes(90), zipped=False), "is damaged: it cannot be unzipped"),
    "a folder": (TEST_Y, make_folder, "t10k-labels-idx1-ubyte.gz is a folder, not a file"),
    "a pipe": (TEST_Y, make_pipe, "t10k-labels-idx1-ubyte.gz is not an ordinary file"),
    "one is missing": (TEST_Y, Path.unlink, "t10k-labels-idx1-ubyte is missing"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_never_used(tmp_path, capsys, fault):
    name, spoil, reason = WRONG[fault]
    folder = fill(tmp_path / "spoilt")
    spoil(folder / f"{name}.gz")
    before = sorted(os.listdir(folder))
    digits = load_mnist(sources=[Folder(folder, "data/mnist", parts=PARTS), Cache(fill(tmp_path / "cache"), PARTS)])
    assert is_good(digits) and digits.source == "the cache"
    (line,) = digits.notes
    assert line.startswith("MNIST: in data/mnist, ") and line.endswith("; next: the cache.")
    assert reason in line
    assert capsys.readouterr().out == f"{line}\nMNIST: 40 training and 10 test images, from the cache.\n"
    assert sorted(os.listdir(folder)) == before  # what somebody put there is theirs

    alone = load_mnist(quiet=True, sources=[Folder(folder, "data/mnist", parts=PARTS)])
    assert not alone.is_mnist and reason in alone.notes[0]


@pytest.mark.parametrize("fault", sorted(WRONG.keys() - {"one is missing", "a folder", "a pipe"}))
def test_a_wrong_file_is_removed_from_the_cache(tmp_path, fault):
    name, spoil, reason = WRONG[fault]
    spoil(fill(tmp_path) / f"{name}.gz")
    digits = load_mnist(quiet=True, sources=[Cache(tmp_path, PARTS)])
    assert not digits.is_mnist
    (line,) = digits.notes
    assert reason in line and "(removed)" in line
    left = {f"{each}.gz" for each in CONTENTS} - {f"{name}.gz"}
    assert set(os.listdir(tmp_path)) == left - ({f"{TEST_X}.gz"} if fault == "swapped" else set())


def test_a_file_that_may_not_be_read():
    if os.name == "nt":
        pytest.skip("files cannot be made unreadable in this way on Windows")
    with tempfile.TemporaryDirectory() as folder:  # others cannot enter pytest's own temporary folders
        os.chmod(folder, 0o755)
        os.chmod(fill(Path(folder)) / f"{TRAIN_X}.gz", 0)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            digits = load_mnist(quiet=True, sources=[Folder(Path(folder), "data/mnist", parts=PARTS)])
        finally:
            if root:
                os.seteuid(0)
    assert not digits.is_mnist
    assert "train-images-idx3-ubyte.gz cannot be read (Permission denied)" in digits.notes[0]


@pytest.mark.parametrize(
    "make, reason",
    [
        (lambda path: None, "the folder that MNIST_DIR names does not exist"),
        (lambda path: path.mkdir(), "the folder that MNIST_DIR names holds none of the four files"),
        (lambda path: path.write_text("?"), "the folder that MNIST_DIR names is a file"),
    ],
)
def test_a_folder_that_was_promised(tmp_path, make, reason):
    make(tmp_path / "promised")
    name = "the folder that MNIST_DIR names"
    digits = load_mnist(quiet=True, sources=[Folder(tmp_path / "promised", name, expected=True, parts=PARTS)])
    assert digits.notes == (f"MNIST: {reason}; next: the digits inside scikit-learn.",)
    silent = load_mnist(quiet=True, sources=[Folder(tmp_path / "promised", name, parts=PARTS)])
    assert silent.notes == () and not silent.is_mnist


def test_the_order_of_the_sources(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_DIR", str(tmp_path / "own"))
    monkeypatch.setenv("COURSE_PACK_CACHE", str(tmp_path / "cache"))
    own, shipped, cache, network = mnist_sources.default_sources()
    assert own.path == tmp_path / "own"
    assert shipped.path == Path(__file__).resolve().parents[2] / "data" / "mnist"
    assert cache.path == network.cache == tmp_path / "cache" / "mnist"
    mirrors, openml = network.sources
    assert isinstance(openml, mnist_sources.OpenML) and len(mirrors.mirrors) >= 3
    assert all(mirror.endswith("/") for mirror in mirrors.mirrors)

    monkeypatch.delenv("MNIST_DIR")
    monkeypatch.setenv("COURSE_PACK_CACHE", "off")
    first, cache, _ = mnist_sources.default_sources()
    assert first.path == shipped.path and cache.path is None
    monkeypatch.delenv("COURSE_PACK_CACHE")
    assert "neural-network-course-pack" in str(mnist_sources.cache_folder())


def test_memory(tmp_path):
    """Never the bytes and the floats twice: at most 2.2 times the arrays that are returned."""
    parts, arrays = small_set(3000, 500)
    fill(tmp_path, {part.name: encode(array, part) for part, array in zip(parts, arrays, strict=True)})
    del arrays
    tracemalloc.start()
    digits = load_mnist(quiet=True, sources=[Folder(tmp_path, "data/mnist", parts=parts)])
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = sum(array.nbytes for array in digits)
    assert now < 1.1 * size and peak < 2.2 * size


# ------------------------------------------------------------------------------------------------- real MNIST


@pytest.fixture(scope="module")
def mnist():
    if not os.environ.get("MNIST_DIR"):
        pytest.skip("set MNIST_DIR to a folder with the four files of MNIST to test with the real data")
    return load_mnist()


def test_real_mnist(mnist):
    x_train, y_train, x_test, y_test = mnist
    assert mnist.is_mnist and mnist.source == "the folder that MNIST_DIR names" and mnist.notes == ()
    assert x_train.shape == (60000, 784) and x_test.shape == (10000, 784)
    assert x_train.min() == x_test.min() == 0 and x_train.max() == x_test.max() == 1
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4] and y_test[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(y_train).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert x_train.mean(dtype=float) == pytest.approx(0.1307, abs=5e-5)  # the constants that everybody uses


def test_a_second_call_returns_the_same_arrays_while_they_are_in_use(mnist, monkeypatch, capsys):
    again = load_mnist()
    assert all(mine is theirs for mine, theirs in zip(again, mnist, strict=True))
    assert again.source == mnist.source and again.is_mnist
    assert capsys.readouterr().out == (
        "MNIST: 60,000 training and 10,000 test images, from the folder that MNIST_DIR names.\n"
    )


def test_what_is_no_longer_in_use_is_not_kept(monkeypatch, tmp_path):
    folder = Folder(fill(tmp_path), "data/mnist", parts=PARTS)
    calls = []
    monkeypatch.setattr(datasets, "default_sources", lambda retry: calls.append(retry) or [folder])
    monkeypatch.setattr(datasets, "_loaded", {})
    first = load_mnist(quiet=True)
    assert load_mnist(quiet=True).x_train is first.x_train and len(calls) == 1
    del first
    assert is_good(load_mnist(quiet=True)) and len(calls) == 2
    monkeypatch.setenv("MNIST_DIR", "another")
    kept = load_mnist(quiet=True)
    assert is_good(kept) and len(calls) == 3


# ---------------------------------------------------------------------------------------------- the stand-in


@pytest.fixture(scope="module")
def standin():
    return standin_digits()


def test_the_standin_is_split_evenly_and_always_the_same(standin):
    from sklearn.datasets import load_digits

    x_train, y_train, x_test, y_test = standin
    assert x_train.shape == (1437, 28, 28) and x_test.shape == (360, 28, 28)
    assert x_train.dtype == np.uint8 and y_train.dtype == np.int64
    counts = np.bincount(load_digits().target)
    assert np.array_equal(np.bincount(y_train) + np.bincount(y_test), counts)
    assert np.all(np.abs(np.bincount(y_test) - counts * 360 / 1797) <= 1)
    standin_digits.cache_clear()
    assert all(map(np.array_equal, standin, standin_digits()))


def test_the_standin_is_made_as_mnist_was(standin):
    images = np.concatenate([standin[0], standin[2]]).astype(float)
    rows, columns = images.any(axis=2), images.any(axis=1)
    heights, widths = ([np.ptp(np.flatnonzero(line)) + 1 for line in lines] for lines in (rows, columns))
    assert np.all(np.maximum(heights, widths) == 20)  # a box of 20×20 …
    assert np.mean(widths) < 0.85 * np.mean(heights)  # … with the proportions kept
    mass = images.sum(axis=(1, 2))
    places = np.arange(28)
    for axis in (1, 2):  # centred by mass, to the nearest pixel
        centres = images.sum(axis=3 - axis) @ places / mass
        assert np.all(np.abs(centres - 14) < 0.51)
    assert images.min() == 0 and images.max() == 255
    assert 0.11 < images.mean() / 255 < 0.18  # MNIST: 0.131
    grey = np.mean((images > 0) & (images < 255)) / np.mean(images > 0)
    assert 0.3 < grey < 0.9  # antialiased: edges are grey


def test_strokes_of_the_standin_are_whole_and_holes_are_open(standin):
    from scipy.ndimage import label

    def pieces(image):
        return label(image, np.ones((3, 3)))[1]

    images, labels = standin[:2]
    assert np.mean([pieces(image > 60) == 1 for image in images]) > 0.97  # MNIST: 0.98
    round_ones = images[np.isin(labels, (0, 6, 8, 9))]
    assert np.mean([label(image < 120)[1] > 1 for image in round_ones]) > 0.8  # MNIST: 0.87


def test_the_standin_shows_its_labels(standin):
    """Each class looks like the original's, upright and not mirrored."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    for digit in (2, 3, 4, 6, 7, 9):
        ours = standin[0][standin[1] == digit].mean(axis=0)[4:24, 4:24]
        original = np.kron(digits.images[digits.target == digit].mean(axis=0), np.ones((5, 5)))
        original = original.reshape(20, 2, 20, 2).mean(axis=(1, 3))

        def likeness(picture, ours=ours):
            return np.corrcoef(ours.ravel(), picture.ravel())[0, 1]

        assert likeness(original) > max(
            0.6, *(likeness(wrong) + 0.1 for wrong in (original.T, original[::-1], original[:, ::-1]))
        )


def test_the_standin_can_be_learned(standin):
    from sklearn.linear_model import RidgeClassifier

    x_train, y_train, x_test, y_test = standin
    model = RidgeClassifier(alpha=100).fit(x_train.reshape(-1, 784) / 255, y_train)
    assert model.score(x_test.reshape(-1, 784) / 255, y_test) > 0.9


# -------------------------------------------------------------------------------------- two digits, one-hot


def test_two_digits(tmp_path):
    digits = load_mnist(quiet=True, sources=[Folder(fill(tmp_path), "data/mnist", parts=PARTS)])
    pair = two_digits(digits, 7, 3)
    assert isinstance(pair, Digits) and pair.is_mnist and pair.source == "data/mnist"
    for x, y, old_x, old_y in ((*pair[:2], *digits[:2]), (*pair[2:], *digits[2:])):
        assert y.dtype == np.int64 and x.dtype == np.float32 and set(y) <= {0, 1}
        assert np.array_equal(x[y == 0], old_x[old_y == 7]) and np.array_equal(x[y == 1], old_x[old_y == 3])
        assert len(y) == np.sum((old_y == 7) | (old_y == 3)) and x.flags.writeable
    assert np.array_equal(two_digits(tuple(digits), 7, 3).y_train, pair.y_train)  # any four arrays


@pytest.mark.parametrize(
    "first, second, message",
    [
        (5, 5, "Choose two different digits: both are 5."),
        (5, 10, "10 is not one of the digits in these data: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        (-1, 6, "-1 is not one of the digits"),
        ("5", 6, "'5' is not one of the digits"),
        (5.0, 6, "5.0 is not one of the digits"),
        (True, 6, "True is not one of the digits"),
        (None, 6, "None is not one of the digits"),
        ([5], 6, r"\[5\] is not one of the digits"),
    ],
)
def test_two_digits_refuses(first, second, message):
    labels = np.arange(10)
    with pytest.raises(InputError, match=message):
        two_digits((np.zeros((10, 784)), labels, np.zeros((10, 784)), labels), first, second)


@pytest.mark.parametrize("data", [None, 5, (1, 2), np.zeros((3, 4))])
def test_two_digits_needs_four_arrays(data):
    with pytest.raises(InputError, match="two_digits takes what load_mnist returns"):
        two_digits(data)


def test_one_hot():
    coded = one_hot(np.array([2, 0, 1, 2]), classes=3)
    assert coded.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]] and coded.dtype == np.float32
    assert one_hot([9]).shape == (1, 10) and one_hot([]).shape == (0, 10)
    assert np.array_equal(one_hot(np.uint8([3, 4])).argmax(axis=1), [3, 4])


@pytest.mark.parametrize(
    "labels, message",
    [
        (["5", "6"], "The labels must be whole numbers; .*'5'.* is text"),
        (np.array(["5", 6], object), "The labels must be whole numbers; '5' is text"),
        ([1.0, 2.0], "The labels must be whole numbers, not float64"),
        ([True, False], "The labels must be whole numbers, not bool"),
        ([0, 10], "The label 10 is not between 0 and 9, as it must be for 10 classes"),
        ([-1, 3], "The label -1 is not between 0 and 9"),
        (np.eye(10, dtype=int), r"must have shape \(examples,\), one whole number each, not \(10, 10\)"),
        (5, r"The labels must have shape \(examples,\)"),
        ([[1], [2, 3]], "rows of different lengths"),
    ],
)
def test_one_hot_refuses(labels, message):
    with pytest.raises(InputError, match=message):
        one_hot(labels)


@pytest.mark.parametrize("classes", [0, -3, 2.0, "10", True, None])
def test_one_hot_needs_a_number_of_classes(classes):
    with pytest.raises(InputError, match="classes is the number of classes"):
        one_hot([0], classes)


# -------------------------------------------------------------------------------------------- the noisy curve

# Seed -> loss of the best constant, and the noise's own mean square (key 004.code, "Per seed").
PRINTED = [
    (0.035247, 0.002574),
    (0.035612, 0.002039),
    (0.042851, 0.003216),
    (0.033403, 0.002040),
    (0.039061, 0.002033),
    (0.038406, 0.002690),
    (0.034499, 0.001855),
    (0.039917, 0.002045),
    (0.042128, 0.002944),
    (0.043178, 0.002400),
    (0.037374, 0.002470),
    (0.032135, 0.002093),
    (0.039116, 0.002984),
    (0.032122, 0.001908),
    (0.038993, 0.002755),
    (0.037151, 0.002569),
    (0.030880, 0.002331),
    (0.037714, 0.002657),
    (0.033213, 0.002721),
    (0.034510, 0.002677),
]


@pytest.mark.parametrize("seed", range(20))
def test_the_printed_draws(seed):
    x, y = printed_curve(seed)
    assert x.shape == y.shape == (100,)
    assert (f"{np.var(y):.6f}", f"{np.mean((y - true_curve(x)) ** 2):.6f}") == tuple(
        f"{number:.6f}" for number in PRINTED[seed]
    )


def test_true_curve():
    assert true_curve(0) == 0 and true_curve(0.3) == true_curve(-0.3)
    assert true_curve(np.array([-1.0, 1.0])) == pytest.approx(0.499954602131298, rel=1e-14)
    h = 1e-4
    assert (true_curve(h) - 2 * true_curve(0) + true_curve(-h)) / h**2 == pytest.approx(5, rel=1e-5)
    x = np.linspace(-1, 1, 200_001)
    assert true_curve(x).mean() == pytest.approx(0.330479591103465, abs=2e-6)
    assert true_curve(x).var() == pytest.approx(0.0342612032772979, abs=2e-6)


def test_noisy_curve():
    x, y = noisy_curve(100_000, rng=3)
    assert -1 <= x.min() < -0.999 and 0.999 < x.max() <= 1
    assert abs(x.mean()) < 0.01 and x.var() == pytest.approx(1 / 3, rel=0.02)
    noise = y - true_curve(x)
    assert noise.std() == pytest.approx(0.05, rel=0.01) and abs(noise.mean()) < 0.001
    assert abs(np.corrcoef(x, noise)[0, 1]) < 0.01

    assert noisy_curve()[0].shape == (100,)
    assert all(map(np.array_equal, noisy_curve(), noisy_curve(rng=0)))
    assert not np.array_equal(noisy_curve(rng=1), noisy_curve(rng=2))
    x, y = noisy_curve(noise=0)
    assert np.array_equal(y, true_curve(x))
    rng = np.random.default_rng(0)
    assert np.array_equal(noisy_curve(rng=rng), noisy_curve())
    assert not np.array_equal(noisy_curve(rng=rng), noisy_curve())  # the generator has moved on


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"n": 0}, "n is the number of points"),
        ({"n": 10.5}, "n is the number of points"),
        ({"n": "10"}, "n is the number of points"),
        ({"noise": -0.1}, "noise is a standard deviation"),
        ({"noise": "big"}, "noise is a standard deviation"),
        ({"noise": np.nan}, "noise is a standard deviation"),
        ({"rng": -1}, "rng is a seed"),
        ({"rng": "seed"}, "rng is a seed"),
    ],
)
def test_noisy_curve_refuses(arguments, message):
    with pytest.raises(InputError, match=message):
        noisy_curve(**arguments)


@pytest.mark.parametrize("seed", [-1, "seed", 0.5])
def test_printed_curve_refuses(seed):
    with pytest.raises(InputError, match="seed is a whole number"):
        printed_curve(seed)
