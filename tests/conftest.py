"""Rules that hold for every test."""

from tests.support.network import forbid_outside_network

forbid_outside_network()
