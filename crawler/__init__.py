"""Fetching within bounds: the guard, the spider, page objects and what follows each fetch."""
