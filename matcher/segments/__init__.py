"""The index of one work type on disk: immutable segments of columns, and which of their rows were removed since."""
