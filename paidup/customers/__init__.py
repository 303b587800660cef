"""Customers: the accounts billed, the people there, who owns them, and how they are found."""
