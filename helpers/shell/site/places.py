"""Where things are: on the site, and elsewhere on the web."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpers.shell import publish

ROOT = publish.ROOT

#: Opens one notebook in JupyterLite.
_LITE = "lite/notebooks/index.html?path={path}"


@dataclass(frozen=True)
class Places:
    """repository: address of the course, "" while it is not known; branch: its branch; lite: JupyterLite is on the site."""

    repository: str
    branch: str
    lite: bool

    @classmethod
    def of(cls, root: Path = ROOT, *, lite: bool) -> Places:
        """As pyproject.toml says. Raises publish.AddressError for an address that cannot be used."""
        return cls(*publish.address(root / "pyproject.toml"), lite)

    def runs(self, name: str, up: str = "") -> str:
        """The notebook notebooks/`name` in the browser, without anything to install; "" where the site has no Lite."""
        return up + _LITE.format(path=quote(f"notebooks/{name}")) if self.lite else ""

    def colab(self, name: str) -> str:
        """The notebook in Colab; "" where that is not possible."""
        return publish.colab(self.repository, self.branch, f"notebooks/{name}")

    def binder(self, name: str) -> str:
        """The notebook in Binder; "" where that is not possible."""
        return publish.binder(self.repository, self.branch, f"notebooks/{name}") if self.repository else ""

    def file(self, path: str) -> str:
        """A file of the course, at its repository; "" where that is not known."""
        return f"{self.repository}/blob/{quote(self.branch)}/{quote(path)}" if self.repository else ""
