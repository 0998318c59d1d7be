# What repo2docker appends to the image that it makes from environment.yml (see README.md here).
# MNIST, once in the image and so once on each machine of the cluster, read-only. Without it the build fails.
USER root
RUN COURSE_PACK_CACHE=off ${NB_PYTHON_PREFIX}/bin/python -m helpers.datasets.shared /srv/mnist
# nbgitpuller, which hands out the notebooks.
USER ${NB_USER}
RUN ${NB_PYTHON_PREFIX}/bin/python -m pip install --no-cache-dir -r deploy/requirements.txt
