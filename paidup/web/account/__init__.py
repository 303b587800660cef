"""The organization, its entities and its people."""
