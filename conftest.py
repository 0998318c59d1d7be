"""For every test: no progress is remembered, so none in the file of the person who runs the tests, and nothing is
downloaded. How files are shared out when several run at a time."""

import os

import pytest

os.environ["COURSE_PACK_PROGRESS"] = "off"
# Tests do not depend on the network. Set the variable to "on" to let notebooks download MNIST.
os.environ.setdefault("COURSE_PACK_DOWNLOADS", "off")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With --dist loadfile: the browser tests one after the other. They measure and wait, and two would be in each other's way."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

    return OneBrowser(config, log)
