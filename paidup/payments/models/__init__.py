"""Charges (intents, claims, facts) and money (payments, credits, allocations, refunds)."""

from .charges import (
    Claim,
    GatewayFact,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    PaymentMethod,
    PaymentMethodQuerySet,
)
from .money import (
    Allocation,
    AllocationQuerySet,
    Credit,
    ErasedMethod,
    Payment,
    Proposal,
    Refund,
)

__all__ = [
    "Allocation",
    "AllocationQuerySet",
    "Claim",
    "Credit",
    "ErasedMethod",
    "GatewayFact",
    "Intent",
    "Mandate",
    "MethodLink",
    "PayLink",
    "Payment",
    "PaymentMethod",
    "PaymentMethodQuerySet",
    "Proposal",
    "Refund",
]
