"""Merging what turned out to be one: each room does its part in turn, in one transaction."""
