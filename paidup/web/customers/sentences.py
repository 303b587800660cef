"""Every kind of event in words. A test walks all kinds that code records and fails on one without.

The words name the event's own figures, such as `%(number)s` and `%(amount)s`; see `timeline`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.organizations.states import Module

from .event_groups import GROUPS, MODULES, Group, Sentence

_NOTE, _MAIL, _TODO = Group.NOTES, Group.EMAILS, Group.TODOS
_INVOICE, _PAYMENT, _CHANGE = Group.INVOICES, Group.PAYMENTS, Group.CHANGES

SENTENCES: dict[str, Sentence] = {
    "note.added": Sentence(_NOTE, "note", _("Note")),
    "attachment.shared": Sentence(
        _CHANGE, "paperclip", _("File “%(name)s” shared with the customer"), "info"
    ),
    "attachment.received": Sentence(
        _CHANGE, "paperclip", _("File “%(name)s” shared by the customer"), "info"
    ),
    "attachment.added": Sentence(_NOTE, "paperclip", _("File “%(name)s” kept with a note")),
    "attachment.removed": Sentence(_CHANGE, "paperclip", _("File “%(name)s” removed")),
    # E-mails
    "message.queued": Sentence(_MAIL, "mail", _("E-mail “%(subject)s” to %(to)s queued"), "info"),
    "message.awaiting_approval": Sentence(
        _MAIL, "mail", _("E-mail “%(subject)s” to %(to)s waits for approval"), "warn"
    ),
    "message.approved": Sentence(
        _MAIL, "mail", _("E-mail “%(subject)s” to %(to)s approved"), "info"
    ),
    "message.sent": Sentence(
        _MAIL, "mail-forward", _("E-mail “%(subject)s” sent to %(to)s"), "good"
    ),
    "message.failed": Sentence(
        _MAIL, "mail-off", _("E-mail “%(subject)s” to %(to)s was not sent"), "bad"
    ),
    "message.unknown": Sentence(
        _MAIL,
        "mail-off",
        _("E-mail “%(subject)s” to %(to)s was interrupted; it may have been sent"),
        "warn",
    ),
    "message.withdrawn": Sentence(_MAIL, "mail-off", _("E-mail “%(subject)s” to %(to)s withdrawn")),
    "mail.invoices_left_out": Sentence(
        _MAIL,
        "mail",
        _("%(numbers)s left out of e-mail “%(subject)s” to %(to)s: settled meanwhile"),
    ),
    "reminder.skipped": Sentence(_MAIL, "mail-off", _("Reminders waiting for a decision skipped")),
    "contact.bounced": Sentence(
        _MAIL, "mail-off", _("E-mail to %(contact)s came back as undeliverable"), "bad"
    ),
    # To-dos
    "todo.added": Sentence(_TODO, "checkbox", _("To-do “%(title)s” added")),
    "todo.done": Sentence(_TODO, "circle-check", _("To-do “%(title)s” done"), "good"),
    "todo.reopened": Sentence(_TODO, "checkbox", _("To-do “%(title)s” reopened"), "warn"),
    "todo.snoozed": Sentence(_TODO, "clock-pause", _("To-do snoozed until %(snoozed_until)s")),
    "todo.assigned": Sentence(_TODO, "user", _("To-do assigned to %(assignee)s")),
    # Invoices
    "invoice.issued": Sentence(
        _INVOICE,
        "file-invoice",
        _("Invoice %(number)s over %(total)s issued, due %(due_on)s"),
        "info",
    ),
    "late_fee.charged": Sentence(
        _INVOICE,
        "percentage",
        _("Late fee %(number)s of %(total)s charged for invoice %(late)s"),
    ),
    "late_fee.taken_back": Sentence(
        _INVOICE,
        "percentage",
        _("%(amount)s of late fee %(number)s taken back: the invoice was paid in time"),
        "good",
    ),
    "invoice.filled_in": Sentence(
        _INVOICE, "pencil", _("Custom fields of invoice %(number)s edited")
    ),
    "invoice.imported": Sentence(
        _INVOICE,
        "database-import",
        _("Invoice %(number)s over %(total)s imported, due %(due_on)s"),
        "info",
    ),
    "statement.sent": Sentence(
        _INVOICE, "file-text", _("Statement of %(on)s over %(amount)s sent"), "info"
    ),
    "invoice.held": Sentence(
        _INVOICE, "hand-stop", _("Invoice %(number)s is held: %(reason)s"), "warn"
    ),
    "invoice.released": Sentence(_INVOICE, "player-play", _("Invoice %(number)s released")),
    "dispute.opened": Sentence(
        _INVOICE, "scale", _("%(amount)s of invoice %(number)s disputed"), "warn"
    ),
    "dispute.resolved": Sentence(
        _INVOICE, "scale", _("Dispute about invoice %(number)s resolved"), "good"
    ),
    "promise.made": Sentence(
        _INVOICE,
        "calendar-check",
        _("Promise to pay %(amount)s of invoice %(number)s by %(promised_for)s"),
        "info",
    ),
    "promise.kept": Sentence(
        _INVOICE, "calendar-check", _("Promise for invoice %(number)s kept"), "good"
    ),
    "promise.partly_kept": Sentence(
        _INVOICE, "calendar-due", _("Promise for invoice %(number)s partly kept"), "warn"
    ),
    "promise.broken": Sentence(
        _INVOICE, "calendar-due", _("Promise for invoice %(number)s broken"), "bad"
    ),
    # Payments
    "payment.received": Sentence(
        _PAYMENT, "cash", _("Payment of %(amount)s received (%(kind)s)"), "good"
    ),
    "payment.recorded": Sentence(
        _PAYMENT, "cash", _("Payment of %(amount)s imported (%(kind)s)"), "good"
    ),
    "payment.reversed": Sentence(
        _PAYMENT, "arrow-back-up", _("Payment of %(amount)s reversed"), "bad"
    ),
    "allocation.made": Sentence(_PAYMENT, "coins", _("%(amount)s applied to invoice %(number)s")),
    "allocation.undone": Sentence(
        _PAYMENT, "arrow-back-up", _("%(amount)s taken off invoice %(number)s"), "warn"
    ),
    "credit.granted": Sentence(
        _PAYMENT, "discount", _("Credit %(number)s of %(amount)s added: %(reason)s"), "info"
    ),
    "refund.started": Sentence(_PAYMENT, "receipt-refund", _("Refund of %(amount)s started")),
    "refund.made": Sentence(_PAYMENT, "receipt-refund", _("%(amount)s refunded")),
    "refund.failed": Sentence(
        _PAYMENT, "receipt-refund", _("Refund of %(amount)s was refused"), "bad"
    ),
    "charge.started": Sentence(
        _PAYMENT, "credit-card", _("Charge of %(amount)s to %(method)s started")
    ),
    "charge.authorized": Sentence(
        _PAYMENT, "hourglass", _("Charge of %(amount)s to %(method)s is being processed"), "info"
    ),
    "charge.settled": Sentence(
        _PAYMENT, "credit-card", _("Charge of %(amount)s to %(method)s settled"), "good"
    ),
    "charge.failed": Sentence(
        _PAYMENT, "credit-card", _("Charge of %(amount)s to %(method)s failed: %(reason)s"), "bad"
    ),
    "charge.cancelled": Sentence(
        _PAYMENT, "ban", _("Charge of %(amount)s to %(method)s cancelled")
    ),
    "charge.returned": Sentence(
        _PAYMENT,
        "arrow-back-up",
        _("Charge of %(amount)s to %(method)s returned: %(reason)s"),
        "bad",
    ),
    "charge.charged_back": Sentence(
        _PAYMENT, "arrow-back-up", _("Charge of %(amount)s to %(method)s charged back"), "bad"
    ),
    "charge.unanswered": Sentence(
        _PAYMENT,
        "cloud-off",
        _("The gateway did not answer about a charge of %(amount)s; it will be asked again"),
        "warn",
    ),
    "autopay.declined": Sentence(
        _PAYMENT, "repeat", _("Auto payment of %(amount)s declined: %(reason)s"), "bad"
    ),
    "autopay.scheduled": Sentence(
        _PAYMENT, "repeat", _("Auto pay schedule set: %(interval)s from %(starts_on)s")
    ),
    "autopay.unscheduled": Sentence(_PAYMENT, "repeat", _("Auto pay schedule removed")),
    "method.saved": Sentence(_PAYMENT, "credit-card", _("Payment method %(method)s saved")),
    "method.removed": Sentence(_PAYMENT, "credit-card", _("Payment method %(method)s removed")),
    "method.made_default": Sentence(
        _PAYMENT, "credit-card", _("Payment method %(method)s made the default")
    ),
    "method.transferred": Sentence(
        _PAYMENT, "arrows-sort", _("Payment method %(method)s transferred to another customer")
    ),
    "method.received": Sentence(
        _PAYMENT, "arrows-sort", _("Payment method %(method)s transferred from another customer")
    ),
    "mandate.given": Sentence(
        _PAYMENT, "circle-check", _("Authority to charge %(method)s given: %(channel)s"), "good"
    ),
    "mandate.revoked": Sentence(
        _PAYMENT, "ban", _("Authority to charge the saved method revoked"), "warn"
    ),
    "pay_link.revoked": Sentence(_PAYMENT, "link", _("Pay link revoked")),
    "method_link.revoked": Sentence(_PAYMENT, "link", _("Payment method link revoked")),
    "invoice.collection_status_changed": Sentence(
        _INVOICE,
        "flag",
        _("Collection status of invoice %(number)s changed from %(before)s to %(after)s"),
    ),
    # The customer and its people
    "customer.added": Sentence(_CHANGE, "user-plus", _("Customer added")),
    "customer.edited": Sentence(_CHANGE, "pencil", _("Customer edited")),
    "customer.owner_changed": Sentence(_CHANGE, "user", _("Billing owner changed")),
    "customer.cadence_changed": Sentence(_CHANGE, "route", _("Cadence changed")),
    "contact.cadence_changed": Sentence(_CHANGE, "route", _("Cadence of %(contact)s changed")),
    "invoice.cadence_changed": Sentence(_INVOICE, "route", _("Cadence of %(number)s changed")),
    "invoice.cadence_removed": Sentence(_INVOICE, "route", _("%(number)s taken out of chasing")),
    "customer.cadences_removed": Sentence(_CHANGE, "route", _("Cadences removed"), "warn"),
    "customer.health_set": Sentence(_CHANGE, "activity", _("Customer health set")),
    "customer.health_cleared": Sentence(_CHANGE, "activity", _("Customer health cleared")),
    "customer.health_ended": Sentence(
        _CHANGE, "activity", _("Customer health has counted until its last day")
    ),
    "customer.auto_payments_enabled": Sentence(_CHANGE, "repeat", _("Auto payments enabled")),
    "customer.auto_payments_disabled": Sentence(_CHANGE, "repeat", _("Auto payments disabled")),
    "customer.late_fees_enabled": Sentence(_CHANGE, "percentage", _("Late fees enabled")),
    "customer.late_fees_disabled": Sentence(_CHANGE, "percentage", _("Late fees disabled")),
    "customer.deactivated": Sentence(_CHANGE, "player-pause", _("Customer deactivated"), "warn"),
    "customer.reactivated": Sentence(_CHANGE, "player-play", _("Customer reactivated")),
    "customer.archived": Sentence(_CHANGE, "archive", _("Customer archived")),
    "customer.unarchived": Sentence(
        _CHANGE,
        "archive",
        _("Customer taken out of the archive: its balance has changed"),
        "warn",
    ),
    "customer.deleted": Sentence(_CHANGE, "trash", _("Customer deleted"), "bad"),
    "customer.exported": Sentence(_CHANGE, "download", _("All data exported")),
    "customer.merged": Sentence(
        _CHANGE, "git-merge", _("Customer %(number)s %(name)s merged into this one"), "warn"
    ),
    "contact.linked": Sentence(_CHANGE, "address-book", _("Contact %(contact)s added")),
    "contact.unlinked": Sentence(_CHANGE, "address-book", _("Contact %(contact)s removed")),
    "contact.edited": Sentence(_CHANGE, "pencil", _("Contact %(contact)s edited")),
    "contact.place_changed": Sentence(
        _CHANGE, "mail", _("Messages for contact %(contact)s changed")
    ),
    "contact.portal_invited": Sentence(
        _CHANGE, "mail", _("%(contact)s invited to the customer portal"), "info"
    ),
    "contact.portal_enabled": Sentence(
        _CHANGE, "key", _("Customer portal enabled for %(contact)s"), "good"
    ),
    "contact.portal_disabled": Sentence(
        _CHANGE, "lock", _("Customer portal disabled for %(contact)s"), "warn"
    ),
    "contact.portal_requested": Sentence(
        _CHANGE, "user", _("%(contact)s asked for access to the customer portal")
    ),
    "contact.portal_accepted": Sentence(
        _CHANGE, "circle-check", _("%(contact)s accepted the invitation to the portal"), "good"
    ),
    "contact.portal_password_changed": Sentence(
        _CHANGE, "lock", _("%(contact)s chose a new password for the portal")
    ),
    "contact.merged": Sentence(_CHANGE, "git-merge", _("Contact %(contact)s merged into %(into)s")),
    # The organization
    "organization.founded": Sentence(_CHANGE, "building", _("Organization founded")),
    "organization.sending_mode_set": Sentence(
        _CHANGE, "send", _("Automatic messages set to: %(after)s")
    ),
    "organization.payment_kinds_set": Sentence(
        _CHANGE, "credit-card", _("Payment methods taken changed from %(before)s to %(after)s")
    ),
    "organization.automation_stopped": Sentence(
        _CHANGE, "player-pause", _("All automatic messages and charges stopped"), "warn"
    ),
    "organization.automation_resumed": Sentence(
        _CHANGE, "player-play", _("Automatic messages and charges go on")
    ),
    "proposal.made": Sentence(
        _PAYMENT, "checkbox", _("%(action)s of %(amount)s waits for approval"), "warn"
    ),
    "proposal.granted": Sentence(
        _PAYMENT, "checkbox", _("%(action)s of %(amount)s approved, for %(assignee)s"), "good"
    ),
    "proposal.refused": Sentence(
        _PAYMENT, "ban", _("%(action)s of %(amount)s refused, for %(assignee)s"), "bad"
    ),
    "field.added": Sentence(_CHANGE, "layout-columns", _("Custom field “%(label)s” added")),
    "field.edited": Sentence(_CHANGE, "layout-columns", _("Custom field “%(label)s” edited")),
    "field.moved": Sentence(_CHANGE, "layout-columns", _("Custom field “%(label)s” moved")),
    "field.removed": Sentence(
        _CHANGE,
        "layout-columns",
        _("Custom field “%(label)s” removed with %(values)s values"),
        "warn",
    ),
    "collection_status.added": Sentence(_CHANGE, "flag", _("Collection status “%(name)s” added")),
    "collection_status.edited": Sentence(_CHANGE, "flag", _("Collection status “%(name)s” edited")),
    "collection_status.moved": Sentence(_CHANGE, "flag", _("Collection status “%(name)s” moved")),
    "collection_status.removed": Sentence(
        _CHANGE, "flag", _("Collection status “%(name)s” removed"), "warn"
    ),
    "late_fees.rule_added": Sentence(_CHANGE, "percentage", _("Late fee rule added")),
    "late_fees.rule_edited": Sentence(_CHANGE, "percentage", _("Late fee rule edited")),
    "late_fees.rule_switched_on": Sentence(_CHANGE, "percentage", _("Late fee rule switched on")),
    "late_fees.rule_switched_off": Sentence(_CHANGE, "percentage", _("Late fee rule switched off")),
    "late_fees.rule_removed": Sentence(_CHANGE, "percentage", _("Late fee rule removed"), "warn"),
    "role.added": Sentence(_CHANGE, "shield-lock", _("Role “%(name)s” added")),
    "role.edited": Sentence(_CHANGE, "shield-lock", _("Role “%(name)s” edited")),
    "role.deleted": Sentence(_CHANGE, "shield-lock", _("Role “%(name)s” deleted")),
    "member.role_changed": Sentence(
        _CHANGE, "shield-lock", _("Role changed from %(before)s to %(after)s")
    ),
    "member.signed_out": Sentence(
        _CHANGE, "logout", _("Employee signed out on all devices"), "warn"
    ),
    "member.invited": Sentence(
        _CHANGE, "user-plus", _("%(email)s invited as a member (%(role)s)"), "info"
    ),
    "member.invited_again": Sentence(
        _CHANGE, "user-plus", _("Invitation to %(email)s sent again (%(role)s)"), "info"
    ),
    "member.invitation_revoked": Sentence(
        _CHANGE, "user-plus", _("Invitation of %(email)s taken back (%(role)s)"), "warn"
    ),
    "member.joined": Sentence(_CHANGE, "user-plus", _("Invitation accepted (%(role)s)"), "good"),
    "member.deactivated": Sentence(_CHANGE, "user-plus", _("Member deactivated"), "warn"),
    "member.reactivated": Sentence(_CHANGE, "user-plus", _("Member reactivated"), "good"),
    "member.edited": Sentence(_CHANGE, "pencil", _("Custom fields of an employee edited")),
    "member.columns_arranged": Sentence(_CHANGE, "layout-columns", _("List columns arranged")),
    "batch.started": Sentence(
        _CHANGE, "users", _("Change to many customers started: %(customers)s")
    ),
    "batch.finished": Sentence(_CHANGE, "users", _("Change to many customers finished")),
    "member.view_saved": Sentence(_CHANGE, "bookmark", _("View of a list saved")),
    "member.view_removed": Sentence(_CHANGE, "bookmark", _("View of a list removed")),
    "delivery_window.set": Sentence(_CHANGE, "clock", _("Delivery window changed")),
    "template.added": Sentence(_CHANGE, "file-text", _("Template “%(name)s” added")),
    "template.changed": Sentence(_CHANGE, "file-text", _("Template “%(name)s” changed")),
    "template.removed": Sentence(_CHANGE, "file-text", _("Template “%(name)s” removed")),
    "invoice_template.added": Sentence(
        _CHANGE, "file-invoice", _("Invoice template “%(name)s” added")
    ),
    "invoice_template.edited": Sentence(
        _CHANGE, "file-invoice", _("Invoice template “%(name)s” edited")
    ),
    "invoice_template.made_default": Sentence(
        _CHANGE,
        "file-invoice",
        _("“%(name)s” made the default invoice template instead of “%(name_before)s”"),
    ),
    "invoice_template.removed": Sentence(
        _CHANGE,
        "file-invoice",
        _("Invoice template “%(name)s” removed; %(customers)s customers had it"),
        "warn",
    ),
    "cadence.added": Sentence(_CHANGE, "route", _("Cadence “%(name)s” added")),
    "cadence.edited": Sentence(_CHANGE, "route", _("Cadence “%(name)s” edited")),
    "cadence.made_default": Sentence(
        _CHANGE, "route", _("“%(name)s” made the default cadence instead of “%(name_before)s”")
    ),
    "cadence.removed": Sentence(_CHANGE, "route", _("Cadence “%(name)s” removed"), "warn"),
    "cadence.step_added": Sentence(_CHANGE, "route", _("Step added to cadence “%(name)s”")),
    "cadence.step_edited": Sentence(_CHANGE, "route", _("Step of cadence “%(name)s” edited")),
    "cadence.step_removed": Sentence(_CHANGE, "route", _("Step of cadence “%(name)s” removed")),
    "cadence.ran": Sentence(_CHANGE, "route", _("Cadences ran for %(on)s")),
    "list.imported": Sentence(_CHANGE, "database-import", _("List of %(list)s imported")),
    "ledger.imported": Sentence(_CHANGE, "database-import", _("Ledger imported as of %(as_of)s")),
}


def kinds(group: Group) -> list[str]:
    """The kinds of event that belong together."""
    return [kind for kind, sentence in SENTENCES.items() if sentence.group is group]


def groups(views: frozenset[str]) -> dict[Group, str | Promise]:
    """What the timeline can be narrowed to by whoever views these modules."""
    return {group: label for group, label in GROUPS.items() if MODULES[group] in views}


def out_of_sight(views: frozenset[str]) -> list[str]:
    """The kinds of event that are about none of these modules."""
    return [
        kind
        for kind, sentence in SENTENCES.items()
        if (Module.CONTACTS if kind.startswith("contact.") else MODULES[sentence.group])
        not in views
    ]
