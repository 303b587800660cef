"""Planning: what would be sent, to whom, and why not for the rest. Changes nothing."""

from .plans import Count, Group, Item, Plan, plan

__all__ = ["Count", "Group", "Item", "Plan", "plan"]
