"""Autopay: charges open invoices by each customer's schedule, never twice."""
