"""The pages of customers and of the people there."""
