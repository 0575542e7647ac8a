"""Comparison of content with registered works."""
