"""Queries over all rooms: aging, and the check of the books."""
