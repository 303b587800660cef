"""The verbs of payments."""

from .allocate import AllocationRefused, allocate, undo_allocation
from .charge import ask_gateway, run_charge
from .claim import ChargeRefused, Order, claim_charge, claim_charges
from .credit import grant_credit
from .erase import deletion_refusals, erase
from .forget import forget_erased, forget_unkept, forget_unless_kept, vault
from .keep import just_entered, keep_method
from .limits import OverLimit
from .links import balance_link, invoice_link, method_link, revoke_link, revoke_method_link
from .merge import merge, merge_refusals
from .methods import (
    MethodRefused,
    give_mandate,
    make_default,
    remove_method,
    revoke_mandate,
    save_method,
)
from .promises import judge_due_promises
from .proposals import (
    NewCredit,
    NewRefund,
    ProposalRefused,
    credit_or_propose,
    grant_proposal,
    may_decide,
    refund_or_propose,
    refuse_proposal,
)
from .receive import PaymentRefused, record_payment, reverse_payment
from .record import record_facts
from .refund import RefundRefused, refund_payment
from .stuck import chase_stuck
from .transfer import transfer_method, transfer_refusals

__all__ = [
    "AllocationRefused",
    "ChargeRefused",
    "MethodRefused",
    "NewCredit",
    "NewRefund",
    "Order",
    "OverLimit",
    "PaymentRefused",
    "ProposalRefused",
    "RefundRefused",
    "allocate",
    "ask_gateway",
    "balance_link",
    "chase_stuck",
    "claim_charge",
    "claim_charges",
    "credit_or_propose",
    "deletion_refusals",
    "erase",
    "forget_erased",
    "forget_unkept",
    "forget_unless_kept",
    "give_mandate",
    "grant_credit",
    "grant_proposal",
    "invoice_link",
    "judge_due_promises",
    "just_entered",
    "keep_method",
    "make_default",
    "may_decide",
    "merge",
    "merge_refusals",
    "method_link",
    "record_facts",
    "record_payment",
    "refund_or_propose",
    "refund_payment",
    "refuse_proposal",
    "remove_method",
    "reverse_payment",
    "revoke_link",
    "revoke_mandate",
    "revoke_method_link",
    "run_charge",
    "save_method",
    "transfer_method",
    "transfer_refusals",
    "undo_allocation",
    "vault",
]
