"""What ends a customer's life as a record of its own: each room is asked for its part in turn."""
