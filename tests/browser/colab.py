"""Colab's output frames, simulated in a real headless Chromium, with a kernel on Colab's versions behind them.

`colab_page/` is a page made of the packages that Colab's widget manager is made of, in just their versions: later ones
mend what Colab still has. Colab's own page has more around it (a policy of what may be loaded, a limit on heights, its
themes), which nobody sees here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.browser import lab

_SOURCE = Path(__file__).with_name("colab_page")
#: The module that Colab loads for our widgets: byte for byte what is on its content delivery network.
_ANYWIDGET = Path(sys.prefix) / "share" / "jupyter" / "nbextensions" / "anywidget" / "index.js"


def build(folder: Path) -> Path:
    """Make the page in `folder`, from npm's packages as they are locked; gives the folder to serve."""
    source, made = folder / "source", folder / "made"
    shutil.copytree(_SOURCE, source)
    npm = [shutil.which("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(npm, cwd=source, check=True, stdin=subprocess.DEVNULL)
    bundle = ["node_modules/.bin/esbuild", "page.js", "--bundle", f"--outfile={made / 'page.js'}", "--log-level=error"]
    subprocess.run([*bundle, "--loader:.svg=dataurl"], cwd=source, check=True)
    shutil.copy(source / "page.html", made)
    (made / "anywidget").mkdir()
    shutil.copy(_ANYWIDGET, made / "anywidget")
    return made


class Colab:
    """A kernel in which the set-up has run, and a page for each cell that is shown."""

    def __init__(self, chromium, address: str, token: str):
        self.chromium, self.address, self.token = chromium, address, token
        request = urllib.request.Request(
            f"{address}/api/kernels", json.dumps({"name": "python3"}).encode(), {"Authorization": f"token {token}"}
        )
        with urllib.request.urlopen(request) as answer:
            self.kernel = json.load(answer)["id"]

    @contextmanager
    def cell(self, code: str = "", viewport=(1280, 1000)):
        """A page that has run this cell, and shows what came of it. Fails where the page complains."""
        page = self.chromium.new_page(viewport={"width": viewport[0], "height": viewport[1]})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{self.address}/static/page.html?kernel={self.kernel}&token={self.token}")
        try:
            page.evaluate("code => show(code)", code)
            yield page
            assert errors == []
        finally:
            page.close()


def printed(page, code: str):
    """What the kernel prints for this cell, as a Python object; it prints JSON."""
    return json.loads(page.evaluate("code => printed(code)", code))


@contextmanager
def opened(chromium, folder: Path, setup: str):
    """A kernel with `setup` run in it, and the page; folder: an empty one."""
    made = build(folder)
    with lab.server(folder, "notebook", [f"--NotebookApp.extra_static_paths={made}"]) as address:
        colab = Colab(chromium, *address)
        with colab.cell() as page:
            page.evaluate("code => printed(code)", setup)
        yield colab
