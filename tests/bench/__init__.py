"""Speed, measured: `make bench` prints a table and keeps it in build/bench.json.

Each figure stands beside the bare SQL or the bare library doing the same minimum on the same book.
"""
