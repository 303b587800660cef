"""Auto Pay Schedules when their customer is deleted."""

from uuid import UUID

from paidup.autopay.models import Attempt, Schedule
from paidup.customers.models import Customer


def erase(*, customer: Customer) -> set[UUID]:
    """Erases the customer's schedules with their attempts, and those to charge its invoices. Gives
    the ids of the schedules."""
    organization_id = customer.organization_id
    schedules = Schedule.objects.of(organization_id).filter(customer=customer)
    ids = set(schedules.values_list("id", flat=True))
    attempts = Attempt.objects.of(organization_id)
    attempts.filter(schedule__customer=customer).delete()
    attempts.filter(invoice__customer=customer).delete()
    schedules.delete()
    return ids
