"""The demo: a lively made-up organization to look around in, and large books to measure with."""
