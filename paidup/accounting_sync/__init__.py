"""Bringing in from CSV, with a dry run: a ledger by a mapping, lists of customers and contacts."""
