"""The worker's part of a request for access, and of files that a customer shares."""

from uuid import UUID

from django.utils.translation import gettext as _

from paidup.customers import queries as customers
from paidup.history.actors import system
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.todos import operations as todos

from .operations import answer_request

PORTAL = system("portal")
FILES_SHARED = "files_shared"  # a to-do about a customer


@job
def answer(*, organization_id: str, contact_id: str) -> None:
    """Writes to whoever asked, where there is such a contact."""
    del organization_id
    answer_request(contact_id=UUID(contact_id), at=clock.now())


@job
def ask_to_look(*, organization_id: str, event_id: str) -> None:
    """Has the billing owner look at what the customer has shared; once, however many files."""
    event = Event.objects.of(UUID(organization_id)).get(id=event_id)
    if not event.customer_id or customers.deleted_at(event.customer_id):
        return
    customer = customers.current(event.customer_id)
    todos.add_todo(
        kind=FILES_SHARED,
        title=_("Look at files that the customer shared"),
        customer=customer,
        subject_id=customer.id,
        by=PORTAL,
        at=clock.now(),
    )
