"""Cadences: who is reminded of which invoice when, and why the others are not."""
