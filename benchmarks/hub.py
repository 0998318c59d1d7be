"""A real JupyterHub with its proxy on this machine alone, and students in it: for classroom.py and the tests.

The hub reads deploy/tljh.py, as The Littlest JupyterHub does. Two things are different here: students need no
accounts on this machine (their servers run as whoever runs this), and the name of a student is enough to log in.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
#: Read by JupyterHub. SETTINGS is a JSON object: course, home, mnist, ports and the token of whoever measures.
_CONFIGURATION = """
import json, os, pathlib
settings = json.loads(os.environ["CLASSROOM"])
c = get_config()
load_subconfig(settings["course"] + "/deploy/tljh.py")
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxy_port']}"
c.ConfigurableHTTPProxy.command = settings["proxy"]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = settings["home"] + "/{username}"
c.JupyterHub.services = [{"name": "measure", "api_token": settings["token"]}]
c.JupyterHub.load_roles = [{"name": "measure", "services": ["measure"],
    "scopes": ["admin:users", "admin:servers", "access:servers"]}]
c.JupyterHub.cookie_secret_file = settings["home"] + "/cookie-secret"
c.JupyterHub.db_url = f"sqlite:///{settings['home']}/hub.sqlite"
c.Spawner.environment.update(settings["environment"])
c.Spawner.args = [*c.Spawner.args, "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.JupyterHub.log_level = "WARN"
"""


class HubError(Exception):
    """The hub, a server or a kernel did not do what was asked; the message says what."""


def proxy(folder: Path) -> str:
    """The path of JupyterHub's proxy: the one on the path, or else the one that npm installs into `folder`, once.

    Raises HubError where it cannot be had.
    """
    if found := shutil.which("configurable-http-proxy"):
        return found
    program = folder / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    if program.exists():
        return str(program)
    if not shutil.which("npm"):
        raise HubError("configurable-http-proxy needs Node.js with npm: install them and run this again.")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), program.name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode or not program.exists():
        raise HubError(f"npm could not install {program.name}: {' '.join((done.stderr or done.stdout).split())[-300:]}")
    return str(program)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@contextmanager
def running(home: Path, proxy: str, python: str = sys.executable, mnist: str | None = None):
    """A hub whose students have their homes in `home`; gives a `Hub`.

    python: of the environment that has jupyterhub, nbgitpuller and the course's requirements. proxy: the path of
    configurable-http-proxy. mnist: the shared folder, or None for the one in deploy/tljh.py.
    """
    home.mkdir(parents=True, exist_ok=True)
    port, hub_port, proxy_port = free_ports(3)
    # Numbers of cells are compared between students, so what one of them has solved must not matter.
    environment = {"COURSE_PACK_PROGRESS": "off", "COURSE_PACK_DOWNLOADS": "off", "COURSE_PACK_CACHE": "off"}
    if mnist:
        environment["MNIST_DIR"] = mnist
    settings = {
        "course": str(ROOT),
        "home": str(home),
        "port": port,
        "hub_port": hub_port,
        "proxy_port": proxy_port,
        "proxy": [shutil.which("node") or "node", proxy],
        "token": secrets.token_hex(16),
        "environment": environment,
    }
    configuration = home / "jupyterhub_config.py"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    path = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    log_path = home / "hub.log"
    with log_path.open("w") as log:
        process = subprocess.Popen(
            [python, "-m", "jupyterhub", "-f", str(configuration)],
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"CLASSROOM": json.dumps(settings), "PATH": path},
            start_new_session=True,
        )
        hub = Hub(f"http://127.0.0.1:{port}", settings["token"], process, log_path)
        try:
            hub.wait()
            yield hub
        finally:
            _end(process)


def _end(process: subprocess.Popen) -> None:
    """End the hub, and what it started: proxy, servers, kernels."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    for each in alive:
        each.kill()


class Hub:
    """What can be asked of the hub through its REST API."""

    def __init__(self, address: str, token: str, process: subprocess.Popen, log: Path):
        self.address, self.token, self.process, self.log = address, token, process, log

    def wait(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.ask("GET", "/hub/api/")
                return
            except (OSError, HubError):
                time.sleep(0.2)
        raise HubError(f"JupyterHub did not start:\n{self.log.read_text()[-3000:]}")

    def ask(self, method: str, path: str, content=None, timeout: float = 300):
        """The answer to a request, from JSON; None where it is empty. Raises HubError."""
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                body = answer.read()
        except urllib.error.HTTPError as error:
            raise HubError(f"{method} {path}: {error.code} {error.read()[:500].decode(errors='replace')}") from None
        return json.loads(body) if body else None

    def student(self, name: str) -> Student:
        """A student who has logged in and whose server runs."""
        try:
            self.ask("POST", f"/hub/api/users/{name}")
        except HubError as error:
            if ": 409 " not in str(error):
                raise
        started = time.monotonic()
        self.ask("POST", f"/hub/api/users/{name}/server")
        while not (self.ask("GET", f"/hub/api/users/{name}")["servers"].get("") or {}).get("ready"):
            if time.monotonic() - started > 300:
                raise HubError(f"the server of {name} did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)
        return Student(self, name, time.monotonic() - started)

    def processes(self, name: str) -> tuple[psutil.Process, list[psutil.Process]]:
        """The server of a student, and its kernels."""
        servers, kernels = [], []
        for each in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if each.environ().get("JUPYTERHUB_USER") == name:
                    kind = kernels if any("ipykernel" in word for word in each.cmdline()) else servers
                    kind.append(each)
            except psutil.NoSuchProcess:
                continue
        if len(servers) != 1:
            raise HubError(f"{name} has {len(servers)} servers")
        return servers[0], kernels


class Student:
    """A student whose server runs. spawn: seconds that its start took."""

    def __init__(self, hub: Hub, name: str, spawn: float):
        self.hub, self.name, self.spawn = hub, name, spawn
        self.base = f"/user/{name}"

    def ask(self, method: str, path: str, content=None):
        return self.hub.ask(method, f"{self.base}{path}", content)

    def fetch(self, repository: str, branch: str) -> None:
        """Have nbgitpuller fetch the course into the student's home, as the link of deploy/links.py does."""
        query = urllib.parse.urlencode({"repo": repository, "branch": branch, "targetpath": "course"})
        request = urllib.request.Request(
            f"{self.hub.address}{self.base}/git-pull/api?{query}", headers={"Authorization": f"token {self.hub.token}"}
        )
        with urllib.request.urlopen(request, timeout=300) as answer:
            phases = [json.loads(line[5:]) for line in answer.read().decode().splitlines() if line.startswith("data:")]
        if not phases or phases[-1]["phase"] != "finished":
            raise HubError(f"nbgitpuller: {phases[-1:]}")

    def leave(self) -> None:
        """Stop the server and its kernels."""
        self.hub.ask("DELETE", f"/hub/api/users/{self.name}/server")
        end = time.monotonic() + 60
        while self.hub.ask("GET", f"/hub/api/users/{self.name}")["servers"]:
            if time.monotonic() > end:
                raise HubError(f"the server of {self.name} did not stop")
            time.sleep(0.2)

    def run_all(self, notebook: str) -> Run:
        """Open `notebook` (a path in the student's home), start its kernel, and run every code cell."""
        cells = self.ask("GET", f"/api/contents/{urllib.parse.quote(notebook)}?content=1")["content"]["cells"]
        started = time.monotonic()
        session = self.ask(
            "POST",
            "/api/sessions",
            {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}},
        )
        run = Run(session["kernel"]["id"])
        with closing(self._channels(run.kernel)) as channels:
            for cell in cells:
                source = "".join(cell["source"])
                if cell["cell_type"] == "code" and source.strip():
                    self._run_cell(channels, source, cell.get("id", ""), run, started)
            run.seconds = time.monotonic() - started
        return run

    def _channels(self, kernel: str):
        from websocket import create_connection

        address = self.hub.address.replace("http", "ws", 1)
        return create_connection(
            f"{address}{self.base}/api/kernels/{kernel}/channels",
            timeout=600,
            header=[f"Authorization: token {self.hub.token}"],
        )

    def _run_cell(self, channels, source: str, cell: str, run: Run, started: float) -> None:
        from websocket import WebSocketException

        identity = uuid.uuid4().hex
        channels.send(
            json.dumps(
                {
                    "channel": "shell",
                    "parent_header": {},
                    "metadata": {},
                    "buffers": [],
                    "header": {
                        "msg_id": identity,
                        "msg_type": "execute_request",
                        "version": "5.3",
                        "username": self.name,
                        "session": run.kernel,
                    },
                    "content": {
                        "code": source,
                        "silent": False,
                        "store_history": True,
                        "user_expressions": {},
                        "allow_stdin": False,
                        "stop_on_error": True,
                    },
                }
            )
        )
        replied = rests = False
        while not (replied and rests):
            try:
                message = json.loads(channels.recv())
            except (OSError, WebSocketException) as problem:
                raise HubError(f"{self.name}, cell {cell}: {problem}\n{self.hub.log.read_text()[-3000:]}") from None
            if message["parent_header"].get("msg_id") != identity:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "execute_reply":
                replied = True
                if content["status"] != "ok":
                    raise HubError(f"{self.name}, cell {cell}: {content.get('ename')}: {content.get('evalue')}")
            elif kind == "status":
                rests = content["execution_state"] == "idle"
            elif kind in ("display_data", "execute_result") and run.picture is None:
                if PICTURES & set(content["data"]):
                    run.picture = time.monotonic() - started
        run.cells += 1


#: What counts as a picture: a figure, or an explorer with its sliders.
PICTURES = {"image/png", "image/svg+xml", "application/vnd.jupyter.widget-view+json"}


class Run:
    """One notebook that was run. kernel: its id; cells: how many ran; picture, seconds: the time from the click to
    the first picture (None without one) and to the end of Run All, the start of the kernel included."""

    def __init__(self, kernel: str):
        self.kernel, self.cells, self.picture, self.seconds = kernel, 0, None, None
