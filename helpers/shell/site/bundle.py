"""The whole course as one file to download."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

_FOLDER = "neural-network-course"  # in which it unpacks
_DATE = (2020, 1, 1, 0, 0, 0)  # the same files give the same bytes
_LEFT_BEHIND = {"__pycache__", "_site", "build", "dist", "cache", "mnist", "screenshots"}


def zipped(root: Path) -> bytes:
    """A zip of the files that belong to the course in the folder `root`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files(root):
            entry = zipfile.ZipInfo(f"{_FOLDER}/{path.as_posix()}", _DATE)
            entry.external_attr = (0o755 if path.parts[0] == ".ci" else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (root / path).read_bytes())
    return packed.getvalue()


def files(root: Path) -> list[Path]:
    """Paths below `root`: those that Git knows; without Git, all but hidden files and what runs leave behind."""
    if (root / ".git").exists():
        try:
            listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
            found = [Path(name) for name in listed.decode().split("\0") if name]
            return sorted(path for path in found if (root / path).is_file())
        except (OSError, subprocess.CalledProcessError):
            pass  # no git on this machine
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(
        path for path in found if not (_LEFT_BEHIND & set(path.parts) or any(p.startswith(".") for p in path.parts))
    )
