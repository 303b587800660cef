"""Importing a ledger."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.customers import bulk as customers
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.operations import bulk as invoicing
from paidup.lib.bulk import uncollected
from paidup.organizations import queries as organizations
from paidup.organizations.models import Entity, Organization
from paidup.organizations.operations import step_past
from paidup.payments.operations import bulk as payments

from .books import look_up
from .ledger_file import LedgerFile, Row
from .plan import Plan
from .summary import Summary, summarize
from .text_file import Problem


class ImportRefused(Exception):
    """The ledger can't be imported now; the message says what to do."""


def import_ledger(
    *,
    organization: Organization,
    ledger: LedgerFile,
    as_of: date,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
) -> Summary:
    """Brings the books up to where the ledger stood on a day, all or nothing.

    Adds customers with a billing contact, invoices, disputes and payments that are not there yet.
    Invoices dated later are left out, payments made later too. With any bad line nothing is
    imported unless `skip_bad`. A dry run gives the same summary and changes nothing.
    Raises ImportRefused when somebody else adds one of its numbers at the same time.
    """
    try:
        with transaction.atomic(), uncollected():
            return _import(
                organization, ledger, as_of, by=by, at=at, dry_run=dry_run, skip_bad=skip_bad
            )
    except IntegrityError as conflict:
        raise ImportRefused(
            _("The books were changed while the ledger was imported. Import it again.")
        ) from conflict


def _import(
    organization: Organization,
    ledger: LedgerFile,
    as_of: date,
    *,
    by: Actor,
    at: datetime,
    dry_run: bool,
    skip_bad: bool,
) -> Summary:
    # Imports of one organization run one after the other.
    entity = Entity.objects.of(organization).select_for_update(no_key=True).order_by("id")[0]
    rows, repeated = _without_repeats(ledger.rows)
    rows = sorted((row for row in rows if row.issued_on <= as_of), key=_when_issued)
    plan = Plan(
        books=look_up(rows, entity_id=entity.id),
        organization=organization,
        owner_id=organizations.default_owner(organization.id).id,
        currency=ledger.currency,
        as_of=as_of,
        at=at,
    )
    good = [row for row in rows if plan.take(row)]
    problems = sorted([*ledger.problems, *repeated, *plan.problems])
    refused = bool(problems) and not skip_bad
    created = plan.counts() if not refused else dict.fromkeys(plan.counts(), 0)
    if any(created.values()) and not dry_run:
        _carry_out(plan, entity, by=by, at=at)
        history.record(
            "ledger.imported",
            by=by,
            at=at,
            subject_id=organization.id,
            data={"as_of": as_of.isoformat(), **created},
        )
    return summarize(
        good,
        currency=ledger.currency,
        as_of=as_of,
        created=created,
        problems=problems,
        refused=refused,
    )


def _when_issued(row: Row) -> tuple[date, int]:
    return row.issued_on, row.line


def _without_repeats(rows: list[Row]) -> tuple[list[Row], list[Problem]]:
    first: dict[str, Row] = {}
    repeated = []
    for row in rows:
        if row.number in first:
            repeated.append(
                Problem(
                    row.line,
                    _("Invoice %(number)s stands on line %(line)s already.")
                    % {"number": row.number, "line": first[row.number].line},
                )
            )
        else:
            first[row.number] = row
    return list(first.values()), repeated


def _carry_out(plan: Plan, entity: Entity, *, by: Actor, at: datetime) -> None:
    customers.add_customers(
        customers=plan.customers, contacts=plan.contacts, entity_id=entity.id, by=by
    )
    step_past(
        organization_id=entity.organization_id,
        entity_id=entity.id,
        kind="customer",
        numbers=(customer.number for customer in plan.customers),
    )
    payments.load(
        invoices=plan.invoices,
        payments=plan.payments,
        allocations=plan.allocations,
        entity_id=entity.id,
        by=by,
        at=at,
    )
    invoicing.add_disputes(disputes=plan.disputes, by=by)
    invoicing.resolve_disputes(closings=plan.closings, by=by)
