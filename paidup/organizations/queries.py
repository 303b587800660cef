"""From a request's host, person or token to its organization."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower

from paidup.lib.tenancy import tenant

from .models import (
    DirectoryEntry,
    DirectoryKind,
    InvoiceTemplate,
    Member,
    Organization,
    Role,
)
from .states import ReadyRole


def organization_at(kind: DirectoryKind, key: str) -> UUID | None:
    """The organization that a host, a link or an invitation belongs to."""
    return (
        DirectoryEntry.objects.filter(kind=kind, key=key)
        .exclude(kind=DirectoryKind.MEMBER)
        .values_list("organization_id", flat=True)
        .first()
    )


def organization_by_slug(slug: str) -> UUID | None:
    return organization_at(DirectoryKind.HOST, slug)


def all_organizations() -> list[UUID]:
    """Every organization, for jobs that run for each of them."""
    return list(
        DirectoryEntry.objects.filter(kind=DirectoryKind.HOST)
        .order_by("key")
        .values_list("organization_id", flat=True)
    )


def language_of(organization_id: UUID) -> str:
    """The language in which an organization is spoken to."""
    with tenant(organization_id):
        rows = Organization.objects.filter(id=organization_id)
        return rows.values_list("language", flat=True).first() or settings.LANGUAGE_CODE


def organizations_of(user_id: UUID) -> list[Organization]:
    """The organizations in which this person is an active member, by name."""
    rows = DirectoryEntry.objects.filter(kind=DirectoryKind.MEMBER, key=str(user_id))
    return by_name(_entered(rows.values_list("organization_id", flat=True), user_id))


def asked_for(slug: str, user_id: UUID) -> tuple[UUID | None, list[Organization]]:
    """The organization of this host, and the others in which this person is an active member.

    Both are asked for in one statement, since every page asks.
    """
    host, member = DirectoryKind.HOST, DirectoryKind.MEMBER
    entries = DirectoryEntry.objects.filter(
        Q(kind=host, key=slug) | Q(kind=member, key=str(user_id))
    ).values_list("kind", "organization_id")
    found = set(entries)
    asked = next((one for kind, one in found if kind == host), None)
    return asked, list(
        _entered((one for kind, one in found if kind == member and one != asked), user_id)
    )


def _entered(organization_ids: Iterable[UUID], user_id: UUID) -> Iterator[Organization]:
    """Those in which this person is an active member; each takes a scope of its own."""
    for organization_id in organization_ids:
        with tenant(organization_id):
            member = membership(organization_id, user_id)
        if member:
            yield member.organization


def by_name(organizations: Iterable[Organization]) -> list[Organization]:
    """In the order in which people choose among them."""
    return sorted(organizations, key=lambda organization: organization.name.casefold())


def membership(organization_id: UUID, user_id: UUID) -> Member | None:
    """This person's active membership; read within the organization's scope."""
    return (
        Member.objects.of(organization_id)
        .select_related("organization", "role")
        .filter(user_id=user_id, active=True)
        .first()
    )


def ready_role(organization: Organization | UUID, ready: ReadyRole) -> Role:
    """One of the roles that every organization has."""
    return Role.objects.of(organization).get(ready=ready)


def default_owner(organization_id: UUID) -> Member:
    """The billing owner of customers for whom none is chosen."""
    return Member.objects.of(organization_id).get(default_owner=True)


def invoice_templates(organization: Organization | UUID) -> list[InvoiceTemplate]:
    """Those in use, the default one first, then by name."""
    rows = InvoiceTemplate.objects.of(organization).filter(removed=False)
    return list(rows.order_by("-default", Lower("name")))


def default_template(organization: Organization | UUID) -> InvoiceTemplate:
    """The one of customers for whom none is chosen."""
    return InvoiceTemplate.objects.of(organization).get(default=True)
