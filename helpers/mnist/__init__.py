"""MNIST: its four files, the places where they may be found, the download, and the stand-in.
`helpers.datasets.load_mnist` is what notebooks call."""
