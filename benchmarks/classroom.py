"""A class on a real JupyterHub: memory for each student, time to the first picture, time of Run All.

    python benchmarks/classroom.py                                   every notebook; 1, 2, 4 and 8 students at once
    python benchmarks/classroom.py --students 1 2 --notebooks 01 03  only these
    python benchmarks/classroom.py --write                           store the figures and limits in deploy/

Hub, proxy and what students need are installed in an environment of their own in the system's cache folder, made
from the Python that runs this (Node.js with npm must be there; a few minutes, once). Each student logs in, fetches the course by nbgitpuller,
opens the notebook over the API as a browser does, and runs every cell. Set MNIST_DIR for notebooks 05 and 06.

Memory is what is resident for a student's server and kernel when all cells have run: USS is theirs alone, PSS
adds their share of what several processes use together. Megabytes are of 1,000,000 bytes. Times depend on what
else the machine does, so their growth says more than they do. Linux only: the figures come from /proc.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import linear_regression, mean

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import hub as hubs  # noqa: E402

from helpers.shell import environments  # noqa: E402

MB = 1e6
GOALS = {"05": 750, "06": 750}  # MB for a student; all others 250
GOAL = 250
STEP = 256  # a limit is a multiple of so many MiB


def prepare() -> tuple[str, str]:
    """Install what is needed; gives the Python of the hub and the path of its proxy."""
    import pooch

    folder = Path(pooch.os_cache("neural-network-course-pack")) / "classroom"
    folder.mkdir(parents=True, exist_ok=True)
    python = environments.prepare([environments.COURSE, ROOT / "deploy" / "requirements.txt"], folder / "venv")
    try:
        return python, hubs.proxy(folder)
    except hubs.HubError as problem:
        sys.exit(str(problem))


def published(folder: Path) -> str:
    """The course as it stands here, as a Git repository that nbgitpuller can fetch; gives its address."""
    work, bare = folder / "work", folder / "course"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, work / name)
    git = ["git", "-c", "user.name=course", "-c", "user.email=course@localhost", "-C", str(work)]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The course"]):
        subprocess.run([*git, *words], check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(bare)], check=True)
    return f"file://{bare}"


def memory(process) -> dict:
    """uss, pss, rss, and peak (of what is the process's alone, estimated from the peak of rss), in MB."""
    full = process.memory_full_info()
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return {
        "uss": full.uss / MB,
        "pss": full.pss / MB,
        "rss": full.rss / MB,
        "peak": (full.uss + max(peak - full.rss, 0)) / MB,
    }


def measure(hub: hubs.Hub, notebook: str, students: int, repository: str) -> dict:
    """Have so many students run the notebook at once; gives the means over them, and the most that one of them used."""
    names = [f"student-{number}" for number in range(1, students + 1)]
    with ThreadPoolExecutor(students) as threads:
        everybody = list(threads.map(hub.student, names))
        list(threads.map(lambda student: student.fetch(repository, "main"), everybody))
        idle = [memory(hub.processes(name)[0]) for name in names]
        runs = list(threads.map(lambda student: student.run_all(f"course/notebooks/{notebook}.ipynb"), everybody))
        servers, kernels = [], []
        for name in names:
            server, (kernel,) = hub.processes(name)
            servers.append(memory(server))
            kernels.append(memory(kernel))
        list(threads.map(lambda student: student.leave(), everybody))
    if len({run.cells for run in runs}) != 1 or not runs[0].cells:
        raise hubs.HubError(f"not everybody ran all cells of {notebook}: {[run.cells for run in runs]}")

    def average(values):
        return round(mean(values), 2)

    result = {
        "cells": runs[0].cells,
        "spawn_s": average(student.spawn for student in everybody),
        "picture_s": average(run.picture for run in runs),
        "run_all_s": average(run.seconds for run in runs),
        "server_idle_uss": average(each["uss"] for each in idle),
    }
    for kind, figures in (("server", servers), ("kernel", kernels)):
        for unit in ("uss", "pss"):
            result[f"{kind}_{unit}"] = average(each[unit] for each in figures)
        result[f"{kind}_peak"] = round(max(each["peak"] for each in figures), 1)
    result["student_pss"] = round(result["server_pss"] + result["kernel_pss"], 1)
    return result


def limits(notebooks: dict) -> dict:
    """What a hub should grant: enough for the two largest notebooks open at once, at their peaks, and a fifth more.

    guarantee: what a student uses with the largest of the notebooks without MNIST, which is most of the course.
    """
    first = {name: next(iter(figures.values())) for name, figures in notebooks.items()}
    kernels = sorted((each["kernel_peak"] for each in first.values()), reverse=True)
    server = max(each["server_peak"] for each in first.values())
    small = [each["student_pss"] for name, each in first.items() if name[:2] not in GOALS] or [server + kernels[0]]

    def rounded(size):
        return f"{STEP * math.ceil(size * MB / 2**20 / STEP)}M"

    return {"limit": rounded(1.2 * (server + sum(kernels[:2]))), "guarantee": rounded(max(small))}


def table(notebooks: dict) -> str:
    """The figures as a Markdown table, one row for each notebook and number of students."""
    lines = [
        "| notebook | students | server, MB | kernel, MB | a student, MB | peak of a kernel, MB | "
        "first picture, s | Run All, s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, figures in notebooks.items():
        for count, each in figures.items():
            lines.append(
                f"| {name} | {count} | {each['server_pss']:.0f} | {each['kernel_pss']:.0f} | {each['student_pss']:.0f} "
                f"| {each['kernel_peak']:.0f} | {each['picture_s']:.1f} | {each['run_all_s']:.1f} |"
            )
    return "\n".join(lines)


def growth(notebooks: dict) -> str:
    """What one more student adds, as a Markdown table: memory in all, and time as a multiple of what one alone waits."""
    lines = ["| notebook | memory, MB | first picture | Run All |", "|---|---|---|---|"]
    for name, figures in notebooks.items():
        counts = {int(count): each for count, each in figures.items()}
        if len(counts) > 1:
            alone = counts[min(counts)]
            memory_in_all = [count * each["student_pss"] for count, each in counts.items()]
            total = linear_regression(list(counts), memory_in_all).slope
            picture, run_all = (
                linear_regression(list(counts), [each[key] / alone[key] for each in counts.values()]).slope
                for key in ("picture_s", "run_all_s")
            )
            lines.append(f"| {name} | {total:.0f} | {picture:.2f} | {run_all:.2f} |")
    return "\n".join(lines)


def versions(python: str) -> dict:
    """The versions of what was measured, in the environment of `python`."""
    names = ["jupyterhub", "jupyterlab", "ipykernel", "numpy", "matplotlib", "scikit-learn", "sympy", "nbgitpuller"]
    program = (
        "import importlib.metadata as m, json, platform; "
        f"print(json.dumps({{'python': platform.python_version()}} | {{n: m.version(n) for n in {names}}}))"
    )
    return json.loads(subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout)


def main() -> int:
    """Measure as the words of the command line say, and write the figures where they ask for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--notebooks", nargs="+", default=[""], help="how their names begin: 01 03")
    parser.add_argument("--write", action="store_true", help="store the figures in deploy/measured.json")
    chosen = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("This needs Linux: memory is read from /proc.")
    names = [
        path.stem
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if path.stem.startswith(tuple(chosen.notebooks))
    ]
    if not names:
        sys.exit(f"No notebook begins with {' or '.join(chosen.notebooks)}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no hub outlives this
    python, proxy = prepare()
    mnist = os.environ.get("MNIST_DIR")
    if not mnist:
        print("MNIST_DIR is not set: notebooks 05 and 06 run with the stand-in, and their figures are too small.")
    notebooks: dict = {name: {} for name in names}
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        repository = published(Path(folder))
        with hubs.running(Path(folder) / "home", proxy, python, mnist) as hub:
            measure(hub, names[0], 1, repository)  # not counted: files are read for the first time, fonts listed
            for name in names:
                for students in chosen.students:
                    notebooks[name][str(students)] = each = measure(hub, name, students, repository)
                    print(name, students, json.dumps(each), flush=True)
    print(f"\n{table(notebooks)}\n\n{growth(notebooks)}\n")
    first = {name: figures[str(chosen.students[0])]["student_pss"] for name, figures in notebooks.items()}
    for name, used in first.items():
        goal = GOALS.get(name[:2], GOAL)
        print(f"{name}: {used:.0f} MB for a student; goal {goal}: {'met' if used <= goal else 'MISSED'}")
    record = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}",
        "mnist": bool(mnist),
        "versions": versions(python),
        "memory": limits(notebooks),
        "notebooks": notebooks,
    }
    print(json.dumps(record["memory"]))
    if chosen.write:
        write(record)
    return 0


def write(record: dict, folder: Path = ROOT / "deploy") -> None:
    """Store the figures in measured.json, as a table in measured.md, and the limits in the values for Helm.

    What was measured earlier for other notebooks, or for other numbers of students, is kept.
    """
    earlier = json.loads((folder / "measured.json").read_text(encoding="utf-8"))["notebooks"]
    figures = {
        name: earlier.get(name, {}) | record["notebooks"].get(name, {})
        for name in sorted(earlier | record["notebooks"])
    }
    figures = {name: dict(sorted(each.items(), key=lambda item: int(item[0]))) for name, each in figures.items()}
    record = record | {"notebooks": figures, "memory": limits(figures)}
    used = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    page = f"""# A class, measured

Written by `python benchmarks/classroom.py --write`. {record["machine"]}; {used}; MNIST
{"from a folder" if record["mnist"] else "replaced by the stand-in"}.

So many students log in to a JupyterHub, open the notebook at the same moment, and run all its cells. *Server*, *kernel*
and *a student* (both together): the memory after that, mean over the students; what processes share is divided among
them (PSS). *Peak of a kernel*: the most that one kernel had for itself alone (USS), so it can be smaller. 1 MB is
1,000,000 bytes. *First picture* and *Run All*: seconds from the click to the first picture, and to the end of the last
cell, the start of the kernel included.

{table(record["notebooks"])}

What each further student adds: memory in all, and to both times, as a multiple of what one alone waits.

{growth(record["notebooks"])}
"""
    values = folder / "z2jh.yaml"
    text = values.read_text(encoding="utf-8")
    for key, value in record["memory"].items():
        text, found = re.subn(rf"(\n    {key}: )\S+", rf"\g<1>{value}", text)
        assert found == 1, f"{key} stands {found} times in {values}"
    contents = {"measured.json": json.dumps(record, indent=1) + "\n", "measured.md": page, values.name: text}
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
        print(f"Written: {name}")


if __name__ == "__main__":
    sys.exit(main())
