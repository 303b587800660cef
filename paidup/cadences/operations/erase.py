"""Reminders when their customer is deleted."""

from collections.abc import Collection
from uuid import UUID

from paidup.cadences.models import (
    Assignment,
    Enrolment,
    InvoiceAssignment,
    LinkAssignment,
    Reminder,
)
from paidup.customers.models import Customer


def erase(
    *, customer: Customer, contact_ids: Collection[UUID], message_ids: Collection[UUID]
) -> None:
    """Erases which cadences the customer, its people and its invoices have, the invoices' place
    there with their reminders, and
    those to people and in messages that go with it; other customers' invoices stay how far they
    have come."""
    organization_id = customer.organization_id
    reminders = Reminder.objects.of(organization_id)
    reminders.filter(invoice__customer=customer).delete()
    reminders.filter(contact__in=contact_ids).delete()
    reminders.filter(message__in=message_ids).delete()
    Enrolment.objects.of(organization_id).filter(invoice__customer=customer).delete()
    LinkAssignment.objects.of(organization_id).filter(link__customer=customer).delete()
    InvoiceAssignment.objects.of(organization_id).filter(invoice__customer=customer).delete()
    Assignment.objects.of(organization_id).filter(customer=customer).delete()
