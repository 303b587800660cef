"""History: what happened, in order, for ever. Holds ids and no foreign keys."""
