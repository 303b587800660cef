"""Lists of customers and of contacts, brought in from CSV files."""
