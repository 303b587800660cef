"""Bringing books in from elsewhere: a CSV ledger, with a mapping and a dry run."""
