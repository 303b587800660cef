"""Sending mails, undoing that, and the templates that are there from the beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.communications import operations as communications
from paidup.communications.models import Message, MessageQuerySet, MessageTemplate
from paidup.communications.operations import NewMessage, save_template
from paidup.communications.states import WAITING, MessageState, Purpose
from paidup.customers.models import Contact, Customer
from paidup.history.actors import Actor
from paidup.lib.cards import masked
from paidup.organizations.models import Member, Organization

from . import defaults
from .composing import MOST_INVOICES, NO_LINKS, Written, compose, open_invoices
from .gate import GATE

UNDO_FOR = timedelta(seconds=30)


class MailRefused(Exception):
    """The mail can't be sent or undone so; the sentence says what to change."""


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A mail taken back: what was written, to whom it won't go, and to whom it has gone."""

    written: Written
    contact_ids: tuple[UUID, ...]
    left_for: tuple[str, ...]  # addresses


@transaction.atomic
def send_mail(
    *,
    customer: Customer,
    contacts: Sequence[Contact],
    written: Written,
    mail_id: UUID,
    by: Actor,
    at: datetime,
) -> list[Message]:
    """Queues the mail for each of these people; for half a minute it can be undone.

    Card numbers are masked. The same mail sent twice is sent once. Raises MailRefused for nobody to
    send it to, an address that bounced, an invoice that isn't open any more, or too many of them;
    TemplateRefused for a variable without a value.
    """
    written = masking_cards(written)
    _refuse_what_cannot_be(customer, contacts, written)
    sent = list(_messages(customer, mail_id))
    if sent:
        return _the_same(sent, contacts, written)
    assert by.id  # noqa: S101  only colleagues write
    sender = Member.objects.of(customer.organization_id).get(id=by.id)
    new = [
        _new_message(customer, contact, written, mail_id=mail_id, sender=sender, at=at)
        for contact in contacts
    ]
    return communications.queue_messages(new, by=by, at=at)


@transaction.atomic
def undo_mail(*, customer: Customer, mail_id: UUID, by: Actor, at: datetime) -> Undone:
    """Keeps the mail from whomever it hasn't left for; undone already is quietly done.

    Raises MailRefused once it has left for everybody.
    """
    messages = list(_messages(customer, mail_id).select_for_update(of=("self",)))
    waiting = [message for message in messages if message.state in WAITING]
    undone = [message for message in messages if message.state == MessageState.WITHDRAWN]
    if not waiting and not undone:
        raise MailRefused(_("This e-mail has left already and can't be undone."))
    for message in waiting:
        communications.withdraw_message(
            message=message, reason=_("Undone before it left."), by=by, at=at
        )
    back = [*undone, *waiting]
    return Undone(
        written=Written.from_json(back[0].gate_data),
        contact_ids=tuple(message.contact_id for message in back if message.contact_id),
        left_for=tuple(message.to_address for message in messages if message not in back),
    )


def masking_cards(written: Written) -> Written:
    """The same without card numbers."""
    return Written(
        subject=masked(written.subject), body=masked(written.body), invoice_ids=written.invoice_ids
    )


@transaction.atomic
def establish_templates(
    *, organization: Organization, by: Actor, at: datetime
) -> list[MessageTemplate]:
    """The templates that an organization begins with, in its language; none where it has some."""
    # Two who find none take turns, and the second finds the first one's.
    Organization.objects.select_for_update(no_key=True).get(id=organization.id)
    if MessageTemplate.objects.of(organization).filter(purpose=Purpose.MAIL).exists():
        return []
    with override(organization.language):
        return [
            save_template(
                name=ready.name,
                purpose=Purpose.MAIL,
                subject=ready.subject,
                body=ready.body,
                by=by,
                at=at,
            )
            for ready in defaults.templates()
        ]


def _refuse_what_cannot_be(
    customer: Customer, contacts: Sequence[Contact], written: Written
) -> None:
    if not contacts:
        raise MailRefused(_("Choose at least one contact to write to."))
    for contact in contacts:
        if not contact.email:
            raise MailRefused(_("%s has no e-mail address; add one first.") % contact.name)
        if contact.bounced_at:
            raise MailRefused(
                _("Mail to %s came back as undeliverable; correct the address first.")
                % contact.name
            )
    if not written.body.strip():
        raise MailRefused(_("The message has no text; write some."))
    if len(written.invoice_ids) > MOST_INVOICES:
        raise MailRefused(
            _("Enclose at most %s invoices; send the others with another e-mail.") % MOST_INVOICES
        )
    if len(open_invoices(customer, written.invoice_ids)) < len(set(written.invoice_ids)):
        raise MailRefused(_("Some of these invoices aren't open any more; choose again."))


def _new_message(
    customer: Customer,
    contact: Contact,
    written: Written,
    *,
    mail_id: UUID,
    sender: Member,
    at: datetime,
) -> NewMessage:
    composed = compose(
        written,
        customer=customer,
        contact=contact,
        sender=sender,
        on=customer.organization.day(at),
        links=NO_LINKS,
    )
    return NewMessage(
        purpose=Purpose.MAIL,
        to_address=contact.email,
        contact_id=contact.id,
        customer_ids=[customer.id],
        subject=composed.subject,
        blocks=composed.blocks,
        attachments=composed.attachments,
        gate=GATE,
        gate_data={"mail": str(mail_id), **written.to_json()},
        intent_key=f"mail:{mail_id}:{contact.id}",
        automatic=False,
        undo_for=UNDO_FOR,
    )


def _the_same(
    sent: Sequence[Message], contacts: Sequence[Contact], written: Written
) -> list[Message]:
    """What was sent, if it is what is to be sent now."""
    same = {message.contact_id for message in sent} == {contact.id for contact in contacts}
    same = same and all(Written.from_json(message.gate_data) == written for message in sent)
    if not same or any(message.state == MessageState.WITHDRAWN for message in sent):
        raise MailRefused(_("This e-mail was sent already. Close it and write another one."))
    return []


def _messages(customer: Customer, mail_id: UUID) -> MessageQuerySet:
    about = Message.objects.of(customer.organization_id).about_customer(customer.id)
    return about.filter(gate=GATE, gate_data__mail=str(mail_id)).order_by("id")
