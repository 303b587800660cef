"""The verbs of payments."""

from .allocate import AllocationRefused, allocate, undo_allocation
from .charge import ask_gateway, run_charge
from .claim import ChargeRefused, Order, claim_charge, claim_charges
from .credit import grant_credit
from .erase import deletion_refusals, erase
from .forget import forget_erased
from .links import balance_link, invoice_link, revoke_link
from .merge import merge, merge_refusals
from .methods import MethodRefused, remove_method, revoke_mandate, save_method
from .promises import judge_due_promises
from .receive import PaymentRefused, record_payment, reverse_payment
from .record import record_facts
from .refund import RefundRefused, refund_payment
from .stuck import chase_stuck

__all__ = [
    "AllocationRefused",
    "ChargeRefused",
    "MethodRefused",
    "Order",
    "PaymentRefused",
    "RefundRefused",
    "allocate",
    "ask_gateway",
    "balance_link",
    "chase_stuck",
    "claim_charge",
    "claim_charges",
    "deletion_refusals",
    "erase",
    "forget_erased",
    "grant_credit",
    "invoice_link",
    "judge_due_promises",
    "merge",
    "merge_refusals",
    "record_facts",
    "record_payment",
    "refund_payment",
    "remove_method",
    "reverse_payment",
    "revoke_link",
    "revoke_mandate",
    "run_charge",
    "save_method",
    "undo_allocation",
]
