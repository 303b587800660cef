"""Merging what turned out to be one: each room in turn, in one transaction."""
