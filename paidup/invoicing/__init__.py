"""Invoices and what befalls them: disputes, promises, holds, and the amount still open."""
