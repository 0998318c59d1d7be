"""Training under the names by which notebooks import it; it lives in `helpers.networks.training`."""

from helpers.networks.optimisers import SGD, Adam, Momentum
from helpers.networks.training import train

__all__ = ["SGD", "Adam", "Momentum", "train"]
