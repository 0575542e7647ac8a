"""The image work type."""
