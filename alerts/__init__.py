"""Tells subscribers of findings and administrators of trouble: what is owed, how it is said, and how it gets there."""
