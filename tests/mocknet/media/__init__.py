"""Media that the network's sites hold: made by script, small, and kept in a temporary folder once made."""
