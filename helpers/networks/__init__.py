"""Networks: layers, losses, initial weights, optimisers, batches, and the training loop that puts them together; and
networks with explicit weights, such as bumps and towers."""
