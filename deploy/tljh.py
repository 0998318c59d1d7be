"""Configuration of the course for The Littlest JupyterHub, or any JupyterHub on one machine. See README.md here.

Link it into /opt/tljh/config/jupyterhub_config.d/; JupyterHub runs it with its configuration as `c`.
"""

import json
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub defines it)

# What one student may use, server and all open notebooks together: from benchmarks/classroom.py.
_here = Path(__file__).resolve().parent
c.Spawner.mem_limit = json.loads((_here / "measured.json").read_text(encoding="utf-8"))["memory"]["limit"]

c.Spawner.default_url = "/lab"
# One copy of MNIST for everybody, filled by `python -m helpers.datasets.shared /srv/mnist`. Nobody downloads their own.
# One thread for each product of matrices, or students wait for each other. And what is free goes back to the system.
c.Spawner.environment.update(
    {
        "MNIST_DIR": "/srv/mnist",
        "COURSE_PACK_DOWNLOADS": "off",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TRIM_THRESHOLD_": "65536",
        "MALLOC_MMAP_THRESHOLD_": "65536",
    }
)
# A notebook that was closed keeps its kernel, and so its memory: after half an hour of rest the kernel is stopped. The
# notebook keeps its outputs. (When a whole server at rest is stopped, tljh-config says: README.md here.)
c.Spawner.args = ["--MappingKernelManager.cull_idle_timeout=1800", "--MappingKernelManager.cull_interval=300"]
