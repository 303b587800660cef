"""From a request's host, person or token to its organization."""

from uuid import UUID

from paidup.lib.tenancy import tenant

from .models import DirectoryEntry, DirectoryKind, Member, Organization


def organization_at(kind: DirectoryKind, key: str) -> UUID | None:
    """The organization a host, pay link or charge belongs to."""
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


def organizations_of(user_id: UUID) -> list[Organization]:
    """The organizations in which this person is an active member, by name."""
    found = []
    for organization_id in DirectoryEntry.objects.filter(
        kind=DirectoryKind.MEMBER, key=str(user_id)
    ).values_list("organization_id", flat=True):
        with tenant(organization_id):
            if Member.objects.of(organization_id).filter(user_id=user_id, active=True).exists():
                found.append(Organization.objects.get(id=organization_id))
    return sorted(found, key=lambda organization: organization.name.casefold())


def membership(organization_id: UUID, user_id: UUID) -> Member | None:
    """This person's active membership; read within the organization's scope."""
    return (
        Member.objects.of(organization_id)
        .select_related("organization")
        .filter(user_id=user_id, active=True)
        .first()
    )


def default_owner(organization_id: UUID) -> Member:
    """The billing owner of customers for whom none is chosen."""
    return Member.objects.of(organization_id).get(default_owner=True)
