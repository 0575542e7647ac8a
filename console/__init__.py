"""The web application for monitoring staff."""
