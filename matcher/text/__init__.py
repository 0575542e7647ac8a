"""The text work type."""
