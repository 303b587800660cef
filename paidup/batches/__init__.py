"""One change made to many customers: row by row, with what became of each."""
