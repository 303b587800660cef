"""What concerns all rooms: merging what turned out to be one, and all data of a customer."""
