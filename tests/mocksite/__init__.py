"""A small web of pirates, innocents and traps on loopback, with its truth known; all written for this project."""
