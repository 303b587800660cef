"""Files about customers: shared with them, or kept with a note for colleagues alone."""
