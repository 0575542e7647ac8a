"""Netdisk shares: how to ask for one, and what the answer says. No network: one is asked for like any other address."""
