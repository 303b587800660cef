"""Sending statements, and what becomes of them with their customer."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph
from paidup.communications.files import Attachment
from paidup.communications.operations import NewMessage
from paidup.communications.states import Purpose
from paidup.customers.models import Contact, Customer
from paidup.history import operations as history
from paidup.history.actors import Actor

from .attachments import STATEMENT_PDF
from .figures import figures
from .models import Statement
from .pdf import statement_pdf
from .states import StatementKind


class StatementRefused(Exception):
    """The statement can't be sent so; the sentence says what to change."""


@transaction.atomic
def send_statement(
    *,
    customer: Customer,
    kind: StatementKind,
    currency: str,
    from_on: date | None,
    to_on: date,
    contacts: Sequence[Contact],
    subject: str,
    text: str,
    on: date,
    by: Actor,
    at: datetime,
    payment_link: str = "",
) -> Statement:
    """Keeps the statement as it is now, figures and PDF, and mails it to these contacts.

    Raises StatementRefused without a contact or a text, for a day to come, and for a range that
    ends before it begins; MessageRefused for a contact without an address.
    """
    if not contacts:
        raise StatementRefused(_("Choose at least one contact to send the statement to."))
    if not text.strip():
        raise StatementRefused(_("The message has no text; write some."))
    refuse_range(kind, from_on, to_on, on=on)
    found = figures(customer, kind=kind, currency=currency, from_on=from_on, to_on=to_on, on=on)
    statement = Statement.objects.create(
        organization_id=customer.organization_id,
        entity_id=customer.entity_id,
        customer=customer,
        kind=kind,
        currency=currency,
        from_on=found.from_on,
        to_on=to_on,
        closing=found.closing,
        figures=found.to_json(),
        pdf=statement_pdf(customer, found, at=at, payment_link=payment_link),
        issued_at=at,
    )
    communications.queue_messages(
        [
            NewMessage(
                purpose=Purpose.STATEMENT,
                to_address=contact.email,
                contact_id=contact.id,
                customer_ids=[customer.id],
                subject=subject,
                blocks=[Paragraph(text.strip())],
                attachments=[Attachment(maker=STATEMENT_PDF, id=statement.id)],
                intent_key=f"statement:{statement.id}:{contact.id}",
                automatic=False,
            )
            for contact in contacts
        ],
        by=by,
        at=at,
    )
    history.record(
        "statement.sent",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=statement.id,
        data={"amount": str(found.closing), "currency": currency, "on": to_on.isoformat()},
    )
    return statement


def refuse_range(kind: StatementKind, from_on: date | None, to_on: date, *, on: date) -> None:
    """Raises StatementRefused for days of which no statement can be made."""
    if to_on > on:
        raise StatementRefused(_("A statement can't be of a day to come; choose today or earlier."))
    if kind is StatementKind.BALANCE_FORWARD and from_on is None:
        raise StatementRefused(_("Say from which day on the balance is brought forward."))
    if from_on and from_on > to_on:
        raise StatementRefused(_("The range ends before it begins; choose other days."))


def merge(*, source: Customer, target: Customer) -> None:
    """What was sent to the source stands at the target, unchanged."""
    Statement.objects.of(source.organization_id).filter(customer=source).update(customer=target)


def erase(*, customer: Customer) -> set[UUID]:
    """Deletes the customer's statements; their ids."""
    rows = Statement.objects.of(customer.organization_id).filter(customer=customer)
    ids = set(rows.values_list("id", flat=True))
    rows.delete()
    return ids
