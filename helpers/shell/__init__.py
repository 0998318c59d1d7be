"""What the commands of `python3 -m helpers` do: environments, advice, the public address, the site."""
