"""Training under the names by which notebooks import it; it lives in `helpers.networks.training`."""

from helpers.networks.training import SGD, Adam, Momentum, train

__all__ = ["SGD", "Adam", "Momentum", "train"]
