"""How each change is made: to some customers at a time, by the operation that makes it to one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from paidup.cadences.models import Cadence
from paidup.cadences.operations import CadenceRefused, change_cadences, remove_cadences
from paidup.communications.operations import MessageRefused
from paidup.communications.variables import TemplateRefused
from paidup.customers.models import Customer
from paidup.customers.operations import CustomerRefused, archive_customer, change_owners
from paidup.customers.states import CustomerState
from paidup.history.actors import Actor
from paidup.organizations.models import Member, Organization
from paidup.portal_access.operations import PortalRefused, invite_main_contact
from paidup.portal_access.wording import Wording
from paidup.statements.operations import StatementRefused, send_open_items

from .models import Batch
from .states import Action


@dataclass(frozen=True)
class Outcome:
    """Whom a change was refused to and why, and of whom it was true before."""

    refused: dict[UUID, str] = field(default_factory=dict)
    unchanged: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Change:
    """How to make it, and to how many in one transaction."""

    make: Callable[[Batch, Sequence[UUID], Actor, datetime], Outcome]
    at_a_time: int


def _change_owner(batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    owner = Member.objects.of(batch.organization_id).get(id=batch.settings["owner"])
    try:
        changed = change_owners(customer_ids=ids, owner=owner, by=by, at=at)
    except CustomerRefused as refusal:
        return Outcome(refused=dict.fromkeys(ids, str(refusal)))
    return Outcome(unchanged=frozenset(ids) - changed)


def _archive(batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    refused, archived = {}, set()
    for customer in Customer.objects.of(batch.organization_id).filter(id__in=ids).order_by("id"):
        if customer.state == CustomerState.ARCHIVED:
            archived.add(customer.id)
            continue
        try:
            archive_customer(customer=customer, by=by, at=at)
        except CustomerRefused as refusal:
            refused[customer.id] = str(refusal)
    return Outcome(refused, frozenset(archived))


def _invite(batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    """To the portal, each customer's main contact."""
    wording = Wording(batch.settings["subject"], batch.settings["body"])
    refused, unchanged = {}, set()
    for customer in Customer.objects.of(batch.organization_id).filter(id__in=ids).order_by("id"):
        try:
            with transaction.atomic():
                if not invite_main_contact(customer=customer, wording=wording, by=by, at=at):
                    unchanged.add(customer.id)
        except (PortalRefused, TemplateRefused) as refusal:
            refused[customer.id] = str(refusal)
    return Outcome(refused, frozenset(unchanged))


def _change_cadence(batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    chosen = batch.settings["cadence"]
    cadence = Cadence.objects.of(batch.organization_id).get(id=chosen) if chosen else None
    try:
        changed = change_cadences(customer_ids=ids, cadence=cadence, by=by, at=at)
    except CadenceRefused as refusal:
        return Outcome(refused=dict.fromkeys(ids, str(refusal)))
    return Outcome(unchanged=frozenset(ids) - changed)


def _remove_cadences(_batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    changed = remove_cadences(customer_ids=ids, by=by, at=at)
    return Outcome(unchanged=frozenset(ids) - changed)


def _send_statement(batch: Batch, ids: Sequence[UUID], by: Actor, at: datetime) -> Outcome:
    """Of today's open items, to those who get statements."""
    on = Organization.objects.get(id=batch.organization_id).day(at)
    again = bool(batch.settings["again"])
    refused, unchanged = {}, set()
    customers = Customer.objects.of(batch.organization_id).filter(id__in=ids)
    for customer in customers.order_by("id").select_related("entity"):
        try:
            with transaction.atomic():
                if not send_open_items(customer=customer, again=again, on=on, by=by, at=at):
                    unchanged.add(customer.id)
        except (StatementRefused, MessageRefused) as refusal:
            refused[customer.id] = str(refusal)
    return Outcome(refused, frozenset(unchanged))


CHANGES = {
    Action.CHANGE_OWNER: Change(_change_owner, at_a_time=5000),
    Action.INVITE: Change(_invite, at_a_time=50),
    Action.CHANGE_CADENCE: Change(_change_cadence, at_a_time=5000),
    Action.REMOVE_CADENCES: Change(_remove_cadences, at_a_time=5000),
    # Each is a PDF, and its customer is locked meanwhile.
    Action.SEND_STATEMENT: Change(_send_statement, at_a_time=20),
    Action.ARCHIVE: Change(_archive, at_a_time=200),
}
