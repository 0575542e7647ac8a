"""Delivery of findings to subscribers and of alarms to administrators."""
