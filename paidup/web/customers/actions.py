"""The Actions menu of a customer: what may be done with it now, by whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.customers.states import CustomerState
from paidup.reporting.customer_file import CustomerFile
from paidup.ui.context import Permitted
from paidup.web.access import StaffRequest


class How(StrEnum):
    """What choosing an entry does."""

    DIALOG = "dialog"  # opens a form
    LINK = "link"  # leads to a page
    POST = "post"  # is done at once
    POST_DIALOG = "post_dialog"  # is done at once and shows something
    DOWNLOAD = "download"  # brings a file


@dataclass(frozen=True)
class Action:
    """An entry of the menu."""

    label: str
    icon: str
    url: str
    how: How
    name: str  # of its address, by which it is known who may


Entry = Callable[..., Action]  # (label, icon, name of the address, how) with a customer's address


def menu(request: StaffRequest, customer: Customer, on_file: CustomerFile) -> list[list[Action]]:
    """The entries in groups, those that the member's role allows."""
    address = [request.organization.slug, customer.id]

    def entry(label: str, icon: str, name: str, how: How = How.DIALOG) -> Action:
        return Action(label, icon, reverse(name, args=address), how, name)

    record = reverse("customer", args=address)
    timeline = Action(_("Timeline"), "history", f"{record}?tab=timeline", How.LINK, "customer")
    may = Permitted(request)
    groups = [
        [entry(_("Edit"), "pencil", "customer_edit")],
        _money(entry, customer, on_file),
        [
            entry(_("Payment Settings"), "settings", "customer_payment_settings", How.LINK),
            *_automatic(entry, customer, on_file),
        ],
        [
            entry(_("Send an Invitation"), "send", "customer_invitation"),
            entry(_("Change Customer Health"), "activity", "customer_health"),
            entry(_("Assign a task"), "checkbox", "customer_todo"),
            entry(_("Change Owner"), "user", "customer_owner"),
            timeline,
            entry(_("Generate Statement"), "file-text", "customer_statement", How.LINK),
            entry(_("Export data"), "download", "customer_export", How.DOWNLOAD),
        ],
        [
            entry(_("Merge"), "git-merge", "customer_merger", How.LINK),
            *_standing(entry, customer),
            entry(_("Delete"), "trash", "customer_deletion", How.LINK),
        ],
    ]
    if customer.open_invoices and may["invoices"]:
        mail_url = reverse("customer_mail", args=address)
        send = Action(
            _("Send Invoices"), "mail", f"{mail_url}?about=invoices", How.DIALOG, "customer_mail"
        )
        groups[1].insert(2, send)
    offered = ([action for action in group if may[action.name]] for group in groups)
    return [group for group in offered if group]


def _money(entry: Entry, customer: Customer, on_file: CustomerFile) -> list[Action]:
    balance_link = entry(_("Pay Balance Link"), "link", "customer_pay_link", How.POST_DIALOG)
    promise = entry(_("Notate a Promise to Pay"), "calendar-check", "customer_promise")
    dispute = entry(_("Dispute an invoice"), "scale", "customer_dispute")
    transfer = entry(
        _("Transfer Payment Method"), "arrows-sort", "customer_method_transfer", How.LINK
    )
    owes = bool(customer.open_invoices)
    return [
        entry(_("Payment method link"), "credit-card", "customer_method_link", How.POST_DIALOG),
        *([balance_link] if owes else []),
        entry(_("Take a payment and apply it to an open invoice"), "cash", "customer_payment"),
        entry(_("Add Credit"), "discount", "customer_credit"),
        *([promise, dispute] if owes else []),
        *([transfer] if on_file.methods else []),
    ]


def _automatic(entry: Entry, customer: Customer, on_file: CustomerFile) -> list[Action]:
    if customer.state != CustomerState.ACTIVE:
        return []
    cadences = [entry(_("Change Cadence"), "route", "customer_cadence")]
    if on_file.cadence or any(own.cadence for own in on_file.own_cadences):
        cadences.append(entry(_("Remove Cadences"), "ban", "customer_cadence_removal"))
    return [
        entry(
            _("Disable Auto Payments") if customer.auto_payments else _("Enable Auto Payments"),
            "repeat",
            "customer_auto_payments",
            How.POST,
        ),
        entry(
            _("Edit Auto Pay Schedule")
            if on_file.schedule_interval
            else _("Enable Auto Pay Schedule"),
            "calendar",
            "customer_schedule",
        ),
        entry(
            _("Disable Late Fees") if customer.late_fees else _("Enable Late Fees"),
            "percentage",
            "customer_late_fees",
            How.POST,
        ),
        *cadences,
    ]


def _standing(entry: Entry, customer: Customer) -> list[Action]:
    reactivate = entry(_("Reactivate"), "player-play", "customer_reactivation", How.POST)
    archive = entry(_("Archive"), "archive", "customer_archiving")
    match customer.state:
        case CustomerState.ACTIVE:
            return [entry(_("Deactivate"), "player-pause", "customer_deactivation"), archive]
        case CustomerState.INACTIVE:
            return [reactivate, archive]
        case _:
            return [reactivate]
