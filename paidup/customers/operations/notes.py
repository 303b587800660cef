"""Writing notes about a customer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.customers.models import Customer, Note
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import cards, formatting

from .add import CustomerRefused

LONGEST = 10_000


@transaction.atomic
def add_note(*, customer: Customer, text: str, by: Actor, at: datetime) -> Note:
    """Keeps what a colleague wrote; card numbers in it are masked.

    Raises CustomerRefused for an empty or overlong text.
    """
    assert by.id  # noqa: S101  only colleagues write notes
    text = text.strip()
    if not text:
        raise CustomerRefused(_("Write something down first."))
    if len(text) > LONGEST:
        raise CustomerRefused(
            ngettext(
                "A note holds %s character; shorten it or write two.",
                "A note holds %s characters; shorten it or write two.",
                LONGEST,
            )
            % formatting.number(LONGEST)
        )
    note = Note.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        text=cards.masked(text),
        author_id=by.id,
        written_at=at,
    )
    history.record("note.added", by=by, at=at, customer_id=customer.id, subject_id=note.id)
    return note
