"""Payments: charges through gateways, money received, credits, allocations and refunds."""
