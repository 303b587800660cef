"""The verbs of customers."""

from .add import CustomerRefused, add_contact, add_customer, link_contact, note_contacted
from .contacts import ContactDetails, LinkDetails, edit_contact, unlink_contact
from .edit import (
    Details,
    change_owner,
    change_owners,
    edit_customer,
    set_auto_payments,
    set_late_fees,
)
from .erase import contacts_of_nobody_else, erase_customer, lock_for_deletion
from .health import clear_health, end_health, set_health
from .merge import lock_pair, merge_customer, merge_details, parent_after
from .merge_contacts import lock_places, unite_contacts
from .notes import add_note
from .paying import (
    PaymentRulesRefused,
    TemplateDetails,
    add_invoice_template,
    edit_invoice_template,
    make_default_template,
    remove_invoice_template,
    set_payment_kinds,
)
from .standing import (
    archive_customer,
    archiving_refusal,
    deactivate_customer,
    leave_archive,
    reactivate_customer,
)

__all__ = [
    "ContactDetails",
    "CustomerRefused",
    "Details",
    "LinkDetails",
    "PaymentRulesRefused",
    "TemplateDetails",
    "add_contact",
    "add_customer",
    "add_invoice_template",
    "add_note",
    "archive_customer",
    "archiving_refusal",
    "change_owner",
    "change_owners",
    "clear_health",
    "contacts_of_nobody_else",
    "deactivate_customer",
    "edit_contact",
    "edit_customer",
    "edit_invoice_template",
    "end_health",
    "erase_customer",
    "leave_archive",
    "link_contact",
    "lock_for_deletion",
    "lock_pair",
    "lock_places",
    "make_default_template",
    "merge_customer",
    "merge_details",
    "note_contacted",
    "parent_after",
    "reactivate_customer",
    "remove_invoice_template",
    "set_auto_payments",
    "set_health",
    "set_late_fees",
    "set_payment_kinds",
    "unite_contacts",
    "unlink_contact",
]
