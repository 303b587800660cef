"""A payment vendor to try things out with: it behaves like one, but moves no money.

Its tables stand for another company's database: they belong to no organization, nothing of ours
refers to them, and what we know of its charges we know from its answers and webhooks.
"""
