"""Merging one customer into another, for good."""

from datetime import datetime

from django.db import transaction

from paidup.attachments import operations as attachments
from paidup.autopay import operations as autopay
from paidup.cadences import operations as cadences
from paidup.communications import operations as communications
from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.customers.operations.edit import personal_part, written
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing import operations as invoicing
from paidup.ledger import operations as ledger
from paidup.payments import operations as payments
from paidup.statements import operations as statements
from paidup.todos import operations as todos

from . import queries


class MergeRefused(Exception):
    """The two can't be merged now; the message says why and what to do."""


@transaction.atomic
def merge_customers(*, source: Customer, target: Customer, by: Actor, at: datetime) -> Customer:
    """Merges the source into the target, which is given back: all that was the source's is the
    target's, whose own details win. The source's id and number lead to the target from now on.

    Raises MergeRefused while a charge is under way, across entities, into an archived customer, or
    where a schedule would begin to charge sub-accounts; CustomerRefused when one of the two was
    merged meanwhile. Nothing is done then.
    """
    if source.id != target.id:
        source, target = customers.lock_pair(source, target)
    if refusals := queries.refusals(source, target):
        raise MergeRefused(" ".join(refusals))
    moved = {
        model._meta.label_lower: queries.count(model, source)  # noqa: SLF001  documented model API
        for model, label in queries.MOVED.items()
        if label
    }
    before = queries.balances(source.organization_id, [source.id, target.id])
    cadences.merge(source=source, target=target)
    autopay.merge(source=source, target=target, by=by, at=at)
    payments.merge(source=source, target=target)
    invoicing.merge(source=source, target=target, at=at)
    attachments.merge(source=source, target=target)
    statements.merge(source=source, target=target)
    communications.merge(source=source, target=target)
    todos.merge(source=source, target=target, by=by, at=at)
    ledger.merge(source=source, target=target)
    changes, filled = customers.merge_customer(source=source, target=target, at=at)
    if queries.balances(target.organization_id, [target.id]) != before:
        raise RuntimeError(f"Merging {source.id} into {target.id} would change the balances.")
    history.record(
        "customer.merged",
        by=by,
        at=at,
        customer_id=target.id,
        subject_id=source.id,
        data={
            "moved": moved,
            "changes": written(changes, personal=False),
        },
        personal={
            "name": source.name,
            "number": source.number,
            **personal_part(changes, filled),
        },
    )
    # Last: until this is committed, whoever changes cadences waits for it to be.
    cadences.follow_soon()
    return Customer.objects.of(target.organization_id).get(id=target.id)
