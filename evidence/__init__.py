"""Preserved files: the vault, raw exchanges, and their verification."""
