"""How a page has an operation done and tells what became of it."""

from collections.abc import Callable

from django import forms

from paidup.invoicing.operations import DisputeRefused, InvoiceRefused, PromiseRefused
from paidup.lib.money import BadAmount
from paidup.payments.operations import AllocationRefused, PaymentRefused, RefundRefused

REFUSALS = (
    AllocationRefused,
    BadAmount,
    DisputeRefused,
    InvoiceRefused,
    PaymentRefused,
    PromiseRefused,
    RefundRefused,
)


def done(form: forms.Form, action: Callable[[], object]) -> bool:
    """Does it; false when it was refused, with the reason among the form's errors."""
    try:
        action()
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
