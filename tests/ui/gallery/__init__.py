"""Every component of the look with realistic content, to be looked at and checked; no database."""
