"""Sending statements, and what becomes of them with their customer."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph
from paidup.communications.files import Attachment
from paidup.communications.models import Message
from paidup.communications.operations import NewMessage
from paidup.communications.states import UNDELIVERED, Purpose
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.organizations.models import Organization
from paidup.payments import links
from paidup.payments.operations import balance_link

from .attachments import STATEMENT_PDF
from .figures import Figures, figures
from .models import Statement
from .pdf import statement_pdf
from .states import StatementKind
from .wording import Wording, usual


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
    words = Wording(subject, text.strip())
    return _send(customer, found, words, contacts, by=by, at=at, payment_link=payment_link)


@transaction.atomic
def send_open_items(
    *, customer: Customer, again: bool, on: date, by: Actor, at: datetime
) -> list[Statement]:
    """Sends the open items of today, a statement in each currency in which an invoice is open, to
    everybody who gets statements here; only with `again` to whom today's was sent before. Gives
    the statements: none where everybody has had them.

    Raises StatementRefused where nothing is open, or nobody gets statements.
    """
    # Of two who send at once the second sees what the first has sent.
    rows = Customer.objects.of(customer.organization_id).filter(id=customer.id)
    if not rows.locked():
        raise StatementRefused(_("The customer is not there any more."))
    currencies = _open_currencies(customer)
    if not currencies:
        raise StatementRefused(_("Nothing is open."))
    readers = _readers(customer)
    if not readers:
        raise StatementRefused(
            _("No contact gets statements at an address that takes mail; choose one who does.")
        )
    organization = Organization.objects.get(id=customer.organization_id)
    link = links.url(balance_link(customer=customer, at=at), organization)
    sent = []
    for currency in currencies:
        had = set() if again else _who_had(customer, currency, readers, on)
        contacts = [reader for reader in readers if reader.id not in had]
        if not contacts:
            continue
        kind = StatementKind.OPEN_ITEM
        found = figures(customer, kind=kind, currency=currency, from_on=None, to_on=on, on=on)
        words = usual(customer, found, organization)
        sent.append(_send(customer, found, words, contacts, by=by, at=at, payment_link=link))
    return sent


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


def _send(
    customer: Customer,
    found: Figures,
    words: Wording,
    contacts: Sequence[Contact],
    *,
    by: Actor,
    at: datetime,
    payment_link: str,
) -> Statement:
    """Keeps the statement and mails it."""
    statement = Statement.objects.create(
        organization_id=customer.organization_id,
        entity_id=customer.entity_id,
        customer=customer,
        kind=found.kind,
        currency=found.currency,
        from_on=found.from_on,
        to_on=found.to_on,
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
                subject=words.subject,
                blocks=[Paragraph(words.text)],
                attachments=[Attachment(maker=STATEMENT_PDF, id=statement.id)],
                intent_key=_intent_key(statement.id, contact),
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
        data={
            "amount": str(found.closing),
            "currency": found.currency,
            "on": found.to_on.isoformat(),
        },
    )
    return statement


def _open_currencies(customer: Customer) -> list[str]:
    """In which an invoice is open, the customer's own first."""
    invoices = Invoice.objects.of(customer.organization_id).of_customer(customer.id).open()
    found = set(invoices.order_by().values_list("currency", flat=True).distinct())
    return sorted(found, key=lambda currency: (currency != customer.currency, currency))


def _readers(customer: Customer) -> list[Contact]:
    """Who gets statements here, at an address that takes mail."""
    places = ContactLink.objects.of(customer.organization_id).filter(
        customer=customer, gets_statements=True, contact__bounced_at=None
    )
    by_address: dict[str, Contact] = {}
    for place in places.exclude(contact__email="").order_by("id").select_related("contact"):
        by_address.setdefault(place.contact.email.lower(), place.contact)
    return list(by_address.values())


def _who_had(
    customer: Customer, currency: str, readers: Sequence[Contact], on: date
) -> set[UUID | None]:
    """To whom of these the day's open items in the currency were sent, or are about to be."""
    statements = Statement.objects.of(customer.organization_id).filter(
        customer=customer, kind=StatementKind.OPEN_ITEM, currency=currency, to_on=on
    )
    ids = statements.values_list("id", flat=True)
    keys = [_intent_key(statement_id, one) for statement_id in ids for one in readers]
    messages = Message.objects.of(customer.organization_id).filter(intent_key__in=keys)
    messages = messages.exclude(state__in=UNDELIVERED)
    return set(messages.values_list("contact_id", flat=True))


def _intent_key(statement_id: UUID, contact: Contact) -> str:
    return f"statement:{statement_id}:{contact.id}"
