"""For every test: progress is remembered in a temporary file, never in the file of the person who runs the
tests, and nothing is downloaded."""

import os
import tempfile

os.environ["COURSE_PACK_PROGRESS"] = os.path.join(tempfile.mkdtemp(prefix="course-pack-tests-"),
                                                  "progress.json")
# Tests do not depend on the network. Set the variable to "on" to let notebooks download MNIST.
os.environ.setdefault("COURSE_PACK_DOWNLOADS", "off")
