"""Processes that read what strangers made, and can do little else."""
