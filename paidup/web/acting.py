"""How a page has an operation done and tells what became of it."""

from collections.abc import Callable

from django import forms

from paidup.attachments.operations import FileRefused
from paidup.autopay.operations import ScheduleRefused
from paidup.cadences.operations import CadenceRefused
from paidup.communications.operations import MessageRefused
from paidup.communications.variables import TemplateRefused
from paidup.correspondence.operations import MailRefused
from paidup.customers.operations import CustomerRefused, PaymentRulesRefused
from paidup.invoicing.operations import (
    DisputeRefused,
    InvoiceRefused,
    PromiseRefused,
    StatusRefused,
)
from paidup.late_fees.operations import RuleRefused, WaiverRefused
from paidup.lib.money import BadAmount
from paidup.lifecycle.deletion import DeletionRefused
from paidup.lifecycle.operations import MergeRefused
from paidup.organizations.fields import FieldRefused
from paidup.organizations.invitations import InvitationRefused
from paidup.organizations.roles import RoleRefused
from paidup.payments.operations import (
    AllocationRefused,
    MethodRefused,
    OverLimit,
    PaymentRefused,
    ProposalRefused,
    RefundRefused,
)
from paidup.portal_access.operations import PortalRefused
from paidup.statements.operations import StatementRefused
from paidup.todos.operations import TodoRefused

REFUSALS = (
    AllocationRefused,
    BadAmount,
    CadenceRefused,
    CustomerRefused,
    DeletionRefused,
    DisputeRefused,
    FileRefused,
    FieldRefused,
    InvitationRefused,
    InvoiceRefused,
    MailRefused,
    MergeRefused,
    MessageRefused,
    MethodRefused,
    OverLimit,
    PaymentRefused,
    PaymentRulesRefused,
    PortalRefused,
    PromiseRefused,
    ProposalRefused,
    RefundRefused,
    RoleRefused,
    RuleRefused,
    ScheduleRefused,
    TemplateRefused,
    StatementRefused,
    StatusRefused,
    TodoRefused,
    WaiverRefused,
)


def done(form: forms.Form, action: Callable[[], object]) -> bool:
    """Does it; false when it was refused, with the reason among the form's errors."""
    try:
        action()
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
