"""The cadence, what it would send, and whether it may by itself."""
