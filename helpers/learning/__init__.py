"""The parts of a network that learns: layers, losses, initial weights, optimisers, batches and the record of a
training. `helpers.network` and `helpers.training` put them together."""
