"""Training under the names by which notebooks import it; it lives in `helpers.networks`."""

from helpers.networks.optimisers import SGD, Adam, Momentum
from helpers.networks.threads import one_thread
from helpers.networks.training import train

__all__ = ["SGD", "Adam", "Momentum", "one_thread", "train"]
