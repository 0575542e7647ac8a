"""A network of sixty sites of twelve operators on loopback, generated from `network.toml`, with its truth known."""
