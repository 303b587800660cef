"""Own cadences beside a customer's: of an invoice, and of a person there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Assignment, Cadence, InvoiceAssignment, LinkAssignment
from paidup.customers.models import ContactLink, Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib import tenancy

from .arrange import CadenceRefused
from .assign import NOTHING, REMOVED, Held, hold


@transaction.atomic
def change_invoice_cadence(
    *, invoice: Invoice, cadence: Cadence | None, by: Actor, at: datetime
) -> None:
    """Gives an open invoice a cadence of its own, or without one has it go by its customer's.

    It is for everybody without an own one there. The invoice enters it at the latest step that its
    age allows, or goes on where it left it. Raises CadenceRefused for a cadence that was removed
    and for an invoice that is settled.
    """
    if cadence:
        hold(cadence)
    _assign(invoice, (True, cadence.id) if cadence else NOTHING, by=by, at=at)


@transaction.atomic
def remove_invoice_cadence(*, invoice: Invoice, by: Actor, at: datetime) -> None:
    """Takes an open invoice out of chasing: nobody is reminded of it, whatever their own cadence,
    until it is given one again. Raises CadenceRefused for an invoice that is settled."""
    _assign(invoice, REMOVED, by=by, at=at)


@transaction.atomic
def change_contact_cadence(
    *, link: ContactLink, cadence: Cadence | None, by: Actor, at: datetime
) -> None:
    """Gives a person an own cadence at a customer, which goes for all invoices there, or without
    one has it go by the invoices'.

    Raises CadenceRefused for a cadence that was removed, and for somebody who is no contact there
    any more or gets no reminders there.
    """
    if cadence:
        hold(cadence)
    list(Customer.objects.of(link.organization_id).filter(id=link.customer_id).locked())
    links = ContactLink.objects.of(link.organization_id).select_related("contact")
    found = links.filter(id=link.id).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise CadenceRefused(_("This person is no contact of the customer any more."))
    if cadence and not found.gets_reminders:
        raise CadenceRefused(
            _("%s gets no reminders here. Tick reminders among the messages first.")
            % found.contact.name
        )
    rows = LinkAssignment.objects.of(link.organization_id)
    own = rows.filter(link=found).select_related("cadence").first()
    if (own and own.cadence_id) == (cadence and cadence.id):
        return
    rows.filter(link=found).delete()
    if cadence:
        rows.create(organization_id=link.organization_id, link=found, cadence=cadence)
    usual = _of_customer(found.organization_id, found.customer_id)
    history.record(
        "contact.cadence_changed",
        by=by,
        at=at,
        customer_id=found.customer_id,
        subject_id=found.contact_id,
        data={
            "cadence": str(cadence.id) if cadence else None,
            "changes": {
                "cadence": [own.cadence.name if own else usual, cadence.name if cadence else usual]
            },
        },
    )
    follow_soon()


def _assign(invoice: Invoice, after: Held, *, by: Actor, at: datetime) -> None:
    invoice = _open(invoice)
    assert invoice.customer_id  # noqa: S101  nothing of a deleted customer's is open
    rows = InvoiceAssignment.objects.of(invoice.organization_id)
    own = rows.filter(invoice=invoice).first()
    before: Held = (True, own.cadence_id) if own else NOTHING
    if before == after:
        return
    rows.filter(invoice=invoice).delete()
    assigned, cadence_id = after
    if assigned:
        rows.create(organization_id=invoice.organization_id, invoice=invoice, cadence_id=cadence_id)
    names = {
        REMOVED: "",
        NOTHING: _of_customer(invoice.organization_id, invoice.customer_id),
        **_named(before, after),
    }
    history.record(
        "invoice.cadence_removed" if after == REMOVED else "invoice.cadence_changed",
        by=by,
        at=at,
        customer_id=invoice.customer_id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "cadence": str(cadence_id) if cadence_id else None,
            "changes": {"cadence": [names[before], names[after]]},
        },
    )
    follow_soon()


def _open(invoice: Invoice) -> Invoice:
    """The invoice as it is now, under its customer's lock, which every change of money takes."""
    assert invoice.customer_id  # noqa: S101  a deleted customer's invoices can't be reached
    list(Customer.objects.of(invoice.organization_id).filter(id=invoice.customer_id).locked())
    found = Invoice.objects.of(invoice.organization_id).get(id=invoice.id)
    if found.state != InvoiceState.OPEN:
        raise CadenceRefused(_("Invoice %s is not open any more.") % found.number)
    return found


def _named(*held: Held) -> dict[Held, str]:
    meant = Cadence.objects.of(tenancy.current()).filter(
        id__in=[cadence_id for _assigned, cadence_id in held if cadence_id is not None]
    )
    return {(True, cadence.id): cadence.name for cadence in meant}


def _of_customer(organization_id: UUID, customer_id: UUID) -> str:
    """The name of the customer's cadence; empty where they were removed."""
    rows = Assignment.objects.of(organization_id).filter(customer_id=customer_id)
    own = rows.select_related("cadence").first()
    if own:
        return own.cadence.name if own.cadence else ""
    return Cadence.objects.of(organization_id).get(default=True).name
