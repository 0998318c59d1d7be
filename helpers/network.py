"""`Network` under the name by which notebooks import it; it lives in `helpers.networks.network`."""

from helpers.networks.network import Network

__all__ = ["Network"]
