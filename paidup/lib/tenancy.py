"""The tenant scope: which organization's rows this transaction may see.

The second lock of two. PostgreSQL's row-level security compares every row's organization with the
setting made here, so that a query that forgot its organization finds nothing rather than too much.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_current: ContextVar[UUID | None] = ContextVar("organization", default=None)
_limited_to: ContextVar[UUID | None] = ContextVar("limited_to", default=None)


class OtherTenant(Exception):
    """Inside one organization's scope another's was asked for."""


class NoTenant(Exception):
    """Something that belongs to an organization was done outside any organization's scope."""


@contextmanager
def tenant(organization_id: UUID | str) -> Iterator[UUID]:
    """Opens a transaction that sees this organization's rows only. May be nested for the same one.

    Raises OtherTenant when nested for a different organization.
    """
    organization_id = UUID(str(organization_id))
    outer = _current.get()
    if outer is not None:
        if outer != organization_id:
            raise OtherTenant(f"In the scope of {outer}, {organization_id} was asked for.")
        with transaction.atomic():
            yield organization_id
        return
    wrapped = connection.in_atomic_block
    with transaction.atomic():
        _set(str(organization_id))
        token = _current.set(organization_id)
        try:
            yield organization_id
        finally:
            _current.reset(token)
        if wrapped:  # by a test; else the setting ends with the transaction
            _set("")


def current() -> UUID:
    """The organization in whose scope we are. Raises NoTenant outside of any."""
    organization_id = _current.get()
    if organization_id is None:
        raise NoTenant("Open `with tenant(organization_id):` first.")
    return organization_id


@contextmanager
def limit_to(member_id: UUID | None) -> Iterator[None]:
    """Within, doors and queries show what this member may see only; None for everything.

    Operations see everything in any case: what they decide must not depend on who looks.
    """
    token = _limited_to.set(member_id)
    try:
        yield
    finally:
        _limited_to.reset(token)


def limited_to() -> UUID | None:
    """The member whose customers alone are seen; None where all are."""
    return _limited_to.get()


def refuse_open_transaction() -> None:
    """For what calls a third party: inside a transaction that is rolled back and tried again, the
    call would be made again. Raises RuntimeError."""
    if connection.in_atomic_block:
        raise RuntimeError("A third party is never called with a transaction open.")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('paidup.organization', %s, true)", [value])
