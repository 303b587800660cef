"""Statements of account: what a customer owes and what led there, frozen once sent."""
