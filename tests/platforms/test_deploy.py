"""The files for a JupyterHub, and the folder of MNIST that its students share."""

import importlib.util
import json
import os
import re
import runpy
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import yaml
from traitlets.config import Config

from helpers.datasets import mnist, shared
from helpers.errors import InputError
from helpers.shell.environments import ROOT
from tests.unit.small_mnist import CONTENTS, PARTS, fill, small_world

DEPLOY = ROOT / "deploy"
MEASURED = json.loads((DEPLOY / "measured.json").read_text(encoding="utf-8"))
VALUES = yaml.safe_load((DEPLOY / "z2jh.yaml").read_text(encoding="utf-8"))


def load(name):
    """A program of deploy/ or benchmarks/ as a module."""
    path = ROOT / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


@pytest.fixture(scope="module")
def spawner():
    """What tljh.py says of a student's server, on top of what an earlier file said."""
    configuration = Config()
    configuration.Spawner.environment = {"SET_BEFORE": "stays"}
    runpy.run_path(str(DEPLOY / "tljh.py"), {"get_config": lambda: configuration})
    assert set(configuration) == {"Spawner"}
    assert configuration.Spawner.environment.pop("SET_BEFORE") == "stays"
    return configuration.Spawner


def test_without_earlier_files_the_settings_are_the_same(spawner):
    configuration = Config()
    runpy.run_path(str(DEPLOY / "tljh.py"), {"get_config": lambda: configuration})
    assert configuration.Spawner.environment.get_value({}) == spawner.environment


def test_both_hubs_are_configured_alike(spawner):
    student = VALUES["singleuser"]
    assert spawner.mem_limit == student["memory"]["limit"]
    assert spawner.default_url == student["defaultUrl"] == "/lab"
    assert spawner.environment == student["extraEnv"]
    assert spawner.args == VALUES["hub"]["config"]["KubeSpawner"]["args"]
    assert all(isinstance(value, str) for value in student["extraEnv"].values()), "Kubernetes wants texts"
    assert "cmd" not in spawner and "cmd" not in student, "a student's server is what JupyterHub ships"


def test_only_variables_that_the_course_knows_are_set(spawner):
    known = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    ours = {"MNIST_DIR", "COURSE_PACK_DOWNLOADS"}
    libraries = {"OPENBLAS_NUM_THREADS", "MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"}
    assert set(spawner.environment) == ours | libraries
    assert all(f"`{name}`" in known for name in ours)


def test_limits_are_those_that_were_measured():
    classroom = load("benchmarks/classroom.py")
    assert set(MEASURED["notebooks"]) == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert MEASURED["mnist"], "measure with the real MNIST: the stand-in is smaller"
    assert MEASURED["memory"] == classroom.limits(MEASURED["notebooks"])
    assert VALUES["singleuser"]["memory"] == MEASURED["memory"]
    assert classroom.table(MEASURED["notebooks"]) in (DEPLOY / "measured.md").read_text(encoding="utf-8")


def test_the_limit_has_room_for_the_two_largest_notebooks():
    classroom = load("benchmarks/classroom.py")
    figures = {"kernel_peak": 100, "server_peak": 100, "student_pss": 180}
    small = {"01_a": {"1": figures}, "05_b": {"1": figures | {"kernel_peak": 400, "student_pss": 500}}}
    # 1.2 (100 + 400 + 100) MB are 687 MiB, and 180 MB are 172 MiB.
    assert classroom.limits(small) == {"limit": "768M", "guarantee": "256M"}
    small["06_c"] = {"1": figures | {"kernel_peak": 600}}
    assert classroom.limits(small)["limit"] == "1280M"


def test_image_is_made_from_what_is_here():
    """What is appended to repo2docker's image names files and programs that are in the course."""
    text = (DEPLOY / "image.dockerfile").read_text(encoding="utf-8")
    folder = VALUES["singleuser"]["extraEnv"]["MNIST_DIR"]
    assert f"python -m helpers.datasets.shared {folder}\n" in text
    assert all((ROOT / name).is_file() for name in re.findall(r"-r (\S+)", text)) and "-r deploy/" in text
    users = re.findall(r"^USER (.*)$", text, flags=re.MULTILINE)
    assert users[-1] == "${NB_USER}", "students must not be root"
    instructions = {line.split()[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert instructions == {"USER", "RUN"}


def test_repo2docker_appends_it(monkeypatch):
    """The recipe that repo2docker writes ends with our lines, after its Python is there and the course is copied."""
    buildpacks = pytest.importorskip("repo2docker.buildpacks")
    monkeypatch.chdir(ROOT)
    buildpack = buildpacks.CondaBuildPack("docker.io/library/buildpack-deps:jammy")
    buildpack.platform, buildpack.appendix = "linux/amd64", (DEPLOY / "image.dockerfile").read_text(encoding="utf-8")
    assert buildpack.detect()
    recipe = buildpack.render({"NB_UID": "1000", "NB_USER": "jovyan"})
    assert recipe.rstrip().endswith(buildpack.appendix.rstrip())
    before = recipe[: recipe.index(buildpack.appendix[:40])]
    assert "ENV NB_PYTHON_PREFIX" in before and "COPY --chown=1000:1000 src/ ${REPO_DIR}" in before


def test_what_is_left_out_of_the_image_is_on_one_machine_only():
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert lines and all(f"{line.removeprefix('**/')}/" in ignored for line in lines)


def test_what_the_readme_names_is_there():
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"deploy/[\w.]+|benchmarks/[\w.]+", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([^)#]+)\)", text):
        assert name.startswith("https://") or (DEPLOY / name).exists(), name
    folder = VALUES["singleuser"]["extraEnv"]["MNIST_DIR"]
    assert f"helpers.datasets.shared {folder}" in text


# ---- links ---------------------------------------------------------------------------------------


def project(tmp_path, repository):
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    (tmp_path / "notebooks" / "01_first.ipynb").touch()
    table = f'[tool.course-pack]\nrepository = "{repository}"\nbranch = "spring/27"\n'
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    return tmp_path


def test_a_link_fetches_the_course_and_opens_a_notebook(tmp_path, capsys):
    links = load("deploy/links.py")
    root = project(tmp_path, "https://github.com/somebody/a-course")
    assert links.main(["https://hub.example.org/"], root) == 0
    (line,) = capsys.readouterr().out.splitlines()
    place = urlsplit(line)
    assert (place.netloc, place.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(place.query, strict_parsing=True) == {
        "repo": ["https://github.com/somebody/a-course"],
        "branch": ["spring/27"],
        "targetpath": ["course"],
        "urlpath": ["lab/tree/course/notebooks/01_first.ipynb"],
    }


def test_without_an_address_there_are_no_links(tmp_path, capsys):
    links = load("deploy/links.py")
    assert links.main(["https://hub.example.org"], project(tmp_path, "")) == 2
    said = capsys.readouterr().out
    assert "pyproject.toml" in said and "http" not in said
    assert links.main(["https://hub.example.org"], project(tmp_path, "git@github.com:a/b")) == 2
    for words in ([], ["hub.example.org"], ["https://a.org", "https://b.org"]):
        assert links.main(words, tmp_path) == 2


# ---- one MNIST for everybody ---------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Some files instead of MNIST, in the cache; nothing is downloaded."""
    small_world(monkeypatch, tmp_path)
    return fill(tmp_path / "mnist")


def mode(path):
    return path.stat().st_mode & 0o7777


def test_the_folder_is_filled_and_read_only(small, tmp_path, monkeypatch):
    folder = tmp_path / "srv" / "mnist"
    before = os.umask(0o077)  # of an administrator who shares nothing by accident
    try:
        written, place = shared.fill(folder)
    finally:
        os.umask(before)
    assert written == list(CONTENTS) and place == "the cache"
    assert all((folder / name).read_bytes() == content for name, content in CONTENTS.items())
    if os.name != "nt":
        assert mode(folder) == mode(folder.parent) == 0o755
        assert {mode(path) for path in folder.iterdir()} == {0o444}
    # A second call changes nothing, and asks nobody.
    monkeypatch.setattr(mnist, "search", None)
    assert shared.fill(folder) == ([], str(folder))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("before", [0o1777, 0o2775, 0o755, 0o700, 0o750])
def test_a_folder_that_is_there_keeps_its_mode(small, tmp_path, before):
    """/tmp remains everybody's, and a home folder its owner's."""
    folder = tmp_path / "there"
    folder.mkdir()
    folder.chmod(before)
    if before & 0o005:
        shared.fill(folder)
        assert mode(folder / PARTS[0].name) == 0o444
    else:
        with pytest.raises(InputError, match="not open to everybody: allow it .chmod o.rx .*, or name a new folder"):
            shared.fill(folder)
        assert not list(folder.iterdir())
    assert mode(folder) == before


def test_a_damaged_file_is_replaced_and_the_good_ones_stay(small, tmp_path):
    folder = fill(tmp_path / "shared", ending="")
    bad, good = folder / PARTS[0].name, folder / PARTS[1].name
    before = good.stat()
    bad.write_bytes(bad.read_bytes()[:-1])
    assert shared.fill(folder)[0] == [bad.name]
    assert bad.read_bytes() == CONTENTS[bad.name] and good.stat().st_mtime_ns == before.st_mtime_ns


def test_what_cannot_be_shared_is_said(small, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        shared.fill(tmp_path / "file" / "mnist")
    monkeypatch.setattr(mnist, "search", lambda *_, **__: ([np.zeros(part.shape) for part in PARTS], "a liar"))
    with pytest.raises(InputError, match="reads back damaged"):
        shared.fill(tmp_path / "wrong")


def test_the_program_says_what_it_did(tmp_path):
    """A real run without network and without MNIST: one line, exit code 1. (The stand-in is not MNIST.)"""
    environment = os.environ | {"COURSE_PACK_DOWNLOADS": "off", "COURSE_PACK_CACHE": "off", "MNIST_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "helpers.datasets.shared", str(tmp_path / "mnist")]
    if (ROOT / "data" / "mnist").exists():
        pytest.skip("data/mnist is filled on this machine")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "not to be had" in done.stdout and not done.stderr
    assert len(done.stdout.splitlines()) == 1 and not (tmp_path / "mnist").exists()


def test_on_the_hub_itself_the_administrator_may_fill_the_folder(tmp_path, monkeypatch, capsys):
    """There MNIST_DIR names this very folder, and downloads are off: settings for the students."""
    seen = []

    def fill(folder):
        seen.append((str(folder), os.environ.get("MNIST_DIR"), os.environ.get("COURSE_PACK_DOWNLOADS")))
        return [], "here"

    monkeypatch.setattr(shared, "fill", fill)
    for own in ("srv/../mnist", "disk"):
        monkeypatch.setenv("COURSE_PACK_DOWNLOADS", "off")
        monkeypatch.setenv("MNIST_DIR", f"{tmp_path}/{own}")
        assert shared.main([f"{tmp_path}/mnist"]) == 0
    assert seen == [(f"{tmp_path}/mnist", None, None), (f"{tmp_path}/mnist", f"{tmp_path}/disk", "off")]


# ---- a real hub ----------------------------------------------------------------------------------


@pytest.fixture
def proxy():
    """The path of the proxy, where a hub can run; else the test is skipped, or fails if HUB_TESTS says so."""
    try:
        if not sys.platform.startswith("linux"):
            pytest.skip("the processes of a hub are looked up in /proc, on Linux")
        missing = [name for name in ("jupyterhub", "nbgitpuller") if importlib.util.find_spec(name) is None]
        assert not missing, f"{' and '.join(missing)} missing: python -m pip install -r deploy/requirements.txt"
        return load("benchmarks/hub.py").proxy(ROOT / "data" / "cache" / "tests" / "proxy")
    except Exception as problem:
        if os.environ.get("HUB_TESTS") == "required":
            raise
        pytest.skip(str(problem))


def test_two_students_on_a_real_hub(tmp_path, spawner, proxy):
    """They log in, fetch the course by nbgitpuller, and see the first picture; the settings reach the kernel."""
    classroom = load("benchmarks/classroom.py")
    import nbformat

    page = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source)
            for source in (
                "import os\nassert os.environ['MNIST_DIR'] == '/srv/mnist' and os.environ['COURSE_PACK_DOWNLOADS'] == 'off'",
                "import helpers\nfrom helpers import explorers\nexplorers.step()",
            )
        ]
    )
    work = classroom.published(tmp_path)
    with classroom.hubs.running(tmp_path / "home", proxy) as hub:
        for name in ("ada", "emmy"):
            student = hub.student(name)
            student.fetch(work, "main")
            nbformat.write(page, tmp_path / "home" / name / "course" / "page.ipynb")
            run = student.run_all("course/page.ipynb")
            assert run.cells == 2 and run.picture and (tmp_path / "home" / name / "course" / "helpers").is_dir()
            server, kernels = hub.processes(name)
            assert len(kernels) == 1 and classroom.memory(server)["uss"] > 10
            assert spawner.args[0] in server.cmdline() and server.environ()["MEM_LIMIT"]
            assert any("jupyterhub-singleuser" in word for word in server.cmdline()), "what JupyterHub ships"
