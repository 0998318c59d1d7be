"""The links that students click: each fetches the course into their home, and opens one notebook.

    python deploy/links.py https://hub.example.org

The address of the course is the one in pyproject.toml, [tool.course-pack]. On the hub, nbgitpuller follows the link: it
merges what is new, and never overwrites what a student has changed.
"""

import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.shell import publish  # noqa: E402

FOLDER = "course"  # in the student's home


def link(hub: str, repository: str, branch: str, notebook: str) -> str:
    """The address on `hub` that fetches the course and opens `notebook` (a path in the course) in JupyterLab."""
    query = {"repo": repository, "branch": branch, "targetpath": FOLDER, "urlpath": f"lab/tree/{FOLDER}/{notebook}"}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Print the links; gives the exit code."""
    place = urlsplit(arguments[0]) if len(arguments) == 1 else None
    if not place or place.scheme not in ("http", "https") or not place.netloc:
        print(__doc__)
        return 2
    try:
        repository, branch = publish.Address.of(root)
    except publish.AddressError as problem:
        print(problem)
        return 2
    if not repository:
        print("There is nothing to fetch yet: set `repository` under [tool.course-pack] in pyproject.toml.")
        return 2
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        print(link(arguments[0], repository, branch, f"notebooks/{path.name}"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
