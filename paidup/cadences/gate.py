"""The last look at a reminder, at the moment of sending: what is left, and how it can be paid."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.cadences.composing import Links, compose
from paidup.cadences.following.taking_back import forget
from paidup.cadences.models import Reminder, Step
from paidup.cadences.operations.make import GATE, owners, remember, steps_of
from paidup.cadences.planning import Group
from paidup.cadences.planning.judge import Scope
from paidup.cadences.planning.plans import groups_of, scope_of
from paidup.cadences.states import StepMode
from paidup.communications import gates
from paidup.communications.gates import Decision, Fail, Render, Withdraw
from paidup.communications.models import Message, MessageCustomer
from paidup.communications.queries import delivery_hours
from paidup.communications.variables import TemplateRefused
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.invoicing.models import Invoice
from paidup.organizations.models import Organization
from paidup.payments import links as pay_links
from paidup.payments.operations import balance_link, invoice_link


def last_look(message: Message, at: datetime) -> Decision:
    """Says anew what is due to this person now, or withdraws when nothing of it is left."""
    contact = message.contact
    if contact is None or not contact.email:
        return Fail(_("The contact has no e-mail address any more; add one."))
    if contact.reminders_refused_at:
        return Withdraw(_("This person refuses reminders."))
    organization = message.organization
    steps = steps_of(organization)
    group = next(iter(groups_of(_scope(message, contact, at, steps=steps))), None)
    if group is None or not any(item.wanted for item in group.due):
        return Withdraw(_("Nothing is left to remind of."))
    on = organization.day(at)
    step = steps[group.step_id]
    signer = group.items[0].customer_id
    try:
        composed = compose(
            group,
            template=step.template,
            organization=organization,
            owner=owners([signer])[signer],
            on=on,
            links=_links(organization, at=at),
        )
    except TemplateRefused as refused:
        return Fail(str(refused))
    remember([(message, group)], on=on)
    _forget_what_is_left_out(message, group)
    return Render(
        subject=composed.subject, blocks=composed.blocks, attachments=composed.attachments
    )


def _forget_what_is_left_out(message: Message, group: Group) -> None:
    """What was to be reminded of and isn't, being promised say, or of somebody who is no contact
    there any more, comes when its time comes."""
    said = [item.enrolment_id for item in group.due]
    reminders = Reminder.objects.of(message.organization_id).filter(message=message)
    if left_out := dict(reminders.exclude(enrolment__in=said).values_list("id", "enrolment_id")):
        forget(left_out)


def _scope(
    message: Message, contact: Contact, at: datetime, *, steps: Mapping[UUID, Step]
) -> Scope:
    organization = message.organization
    about = MessageCustomer.objects.of(organization).filter(message=message)
    linked = ContactLink.objects.of(organization).filter(contact=contact)
    reminders = Reminder.objects.of(organization).filter(message=message)
    day = scope_of(delivery_hours(organization), organization.day(at))
    return Scope(
        on=day.on,
        shift=day.shift,
        customers=list(
            {
                *about.values_list("customer_id", flat=True),
                *linked.values_list("customer_id", flat=True),
            }
        ),
        address=contact.email,
        message=message.id,
        wanted=list(reminders.values_list("enrolment_id", flat=True)),
        entered=True,
        unasked=[one.id for one in steps.values() if one.mode == StepMode.APPROVE_FIRST]
        if message.automatic and not message.approved_by_id
        else (),
    )


def _links(organization: Organization, *, at: datetime) -> Links:
    invoices = Invoice.objects.of(organization)
    customers = Customer.objects.of(organization)
    return Links(
        invoice=lambda id_: pay_links.url(
            invoice_link(invoice=invoices.get(id=id_), at=at), organization
        ),
        balance=lambda id_: pay_links.url(
            balance_link(customer=customers.get(id=id_), at=at), organization
        ),
    )


gates.register(GATE, last_look)
