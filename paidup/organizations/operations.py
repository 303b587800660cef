"""Founding an organization and setting how it works."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.history import operations as history
from paidup.history.actors import Actor, staff
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant

from .models import (
    DirectoryEntry,
    DirectoryKind,
    Entity,
    InvoiceTemplate,
    Member,
    NumberSeries,
    Organization,
    Role,
    User,
)
from .states import ReadyRole, SendingMode, every_kind

RESERVED = frozenset({"www", "api", "app", "mail", "static", "accounts", "sandbox", "intake"})


class OrganizationRefused(Exception):
    """The organization can't be founded so; the message says what to change."""


def add_organization(
    *,
    slug: str,
    name: str,
    owner_email: str,
    at: datetime,
    owner_name: str = "",
    password: str | None = None,
    currency: str = "USD",
    timezone: str = "UTC",
    country: str = "US",
    language: str = "en",
) -> Organization:
    """Founds an organization with one entity and its owner, who may exist already as a user.

    Raises OrganizationRefused when the slug or address can't be used.
    """
    slug, owner_email = slug.strip(), owner_email.strip().lower()
    _refuse_bad_names(slug=slug, owner_email=owner_email)
    with transaction.atomic():
        user = User.objects.filter(email=owner_email).first() or User.objects.create_user(
            owner_email, password, name=owner_name, joined_at=at
        )
        organization = Organization(
            id=new_id(),
            slug=slug,
            name=name,
            timezone=timezone,
            language=language,
            created_at=at,
        )
        try:
            with tenant(organization.id):
                organization.save(force_insert=True)
                register(DirectoryKind.HOST, slug, organization.id)
                add_entity(organization=organization, name=name, currency=currency, country=country)
                _add_first_template(organization)
                roles = _add_ready_roles(organization)
                member = add_member(
                    organization=organization,
                    user=user,
                    role=roles[ReadyRole.OWNER],
                    default_owner=True,
                )
                history.record(
                    "organization.founded",
                    by=staff(member.id),
                    at=at,
                    subject_id=organization.id,
                    data={"slug": slug},
                )
        except IntegrityError:
            raise OrganizationRefused(
                _("An organization “%s” exists already; choose another slug.") % slug
            ) from None
    return organization


def add_entity(
    *,
    organization: Organization,
    name: str,
    currency: str,
    country: str,
    address: str = "",
    tax_id: str = "",
    mark: str = "",
) -> Entity:
    """Adds a legal entity with its number series, within the organization's scope.

    `mark` precedes its numbers, such as `UK-`, so that they tell the entities apart.
    """
    entity = Entity.objects.create(
        organization=organization,
        name=name,
        currency=currency,
        country=country,
        address=address,
        tax_id=tax_id,
    )
    for kind, prefix in (("invoice", "INV-"), ("credit", "CR-"), ("customer", "C-")):
        NumberSeries.objects.create(
            organization=organization, entity=entity, kind=kind, prefix=mark + prefix
        )
    return entity


def add_member(
    *, organization: Organization, user: User, role: Role, default_owner: bool = False
) -> Member:
    """Makes a person a member, within the organization's scope."""
    member = Member.objects.create(
        organization=organization,
        user=user,
        name=user.name or user.email.split("@")[0],
        role=role,
        default_owner=default_owner,
    )
    register(DirectoryKind.MEMBER, str(user.id), organization.id)
    return member


def _add_ready_roles(organization: Organization) -> dict[ReadyRole, Role]:
    roles = {
        ready: Role(
            organization=organization,
            ready=ready,
            name=ready.value.replace("_", " "),
            **{str(module): level for module, level in ready.levels.items()},
        )
        for ready in ReadyRole
    }
    Role.objects.bulk_create(roles.values())
    return roles


def _add_first_template(organization: Organization) -> None:
    """The invoice template with which it begins, in its language: without words, for all kinds."""
    with override(organization.language):
        InvoiceTemplate.objects.create(
            organization=organization, name=_("Standard"), payment_kinds=every_kind(), default=True
        )


def arrange_list(
    *, member: Member, of: str, columns: Sequence[str], sort: str, by: Actor, at: datetime
) -> None:
    """Keeps which columns of a list the member wants to see, in this order, and how it is sorted to
    begin with."""
    before = member.list_columns.get(of), member.list_sorts.get(of)
    member.list_columns[of], member.list_sorts[of] = list(columns), sort
    member.save(update_fields=["list_columns", "list_sorts"])
    history.record(
        "member.columns_arranged",
        by=by,
        at=at,
        subject_id=member.id,
        data={"list": of, "before": before, "after": (list(columns), sort)},
    )


def set_sending_mode(
    *, organization: Organization, mode: SendingMode, by: Actor, at: datetime
) -> None:
    """Lets automatic messages go out by themselves, or only after a person approved each."""
    before = organization.sending_mode
    organization.sending_mode = mode
    organization.save(update_fields=["sending_mode"])
    history.record(
        "organization.sending_mode_set",
        by=by,
        at=at,
        subject_id=organization.id,
        data={"before": before, "after": mode},
    )


def stop_automation(*, organization: Organization, stopped: bool, by: Actor, at: datetime) -> None:
    """The one switch: stops, or lets go on, every automatic message and charge."""
    organization.automation_stopped = stopped
    organization.save(update_fields=["automation_stopped"])
    history.record(
        "organization.automation_stopped" if stopped else "organization.automation_resumed",
        by=by,
        at=at,
        subject_id=organization.id,
    )


def register(kind: DirectoryKind, key: str, organization_id: UUID) -> None:
    """Makes a token, host or person lead to its organization."""
    DirectoryEntry.objects.create(kind=kind, key=key, organization_id=organization_id)


def deregister(kind: DirectoryKind, keys: Iterable[str]) -> None:
    """Makes these tokens, hosts or people lead nowhere."""
    DirectoryEntry.objects.filter(kind=kind, key__in=list(keys)).delete()


def take_number(*, organization_id: UUID, entity_id: UUID, kind: str) -> str:
    """The next number of the series. Its row stays locked until the transaction ends, so a
    number is used exactly when the document that bears it is stored: no gap, no duplicate."""
    [number] = take_numbers(
        organization_id=organization_id, entity_id=entity_id, kind=kind, count=1
    )
    return number


def take_numbers(*, organization_id: UUID, entity_id: UUID, kind: str, count: int) -> list[str]:
    """So many numbers of the series, under the same lock."""
    series = (
        NumberSeries.objects.of(organization_id)
        .select_for_update()
        .get(entity_id=entity_id, kind=kind)
    )
    first = series.next
    series.next += count
    series.save(update_fields=["next"])
    return [f"{series.prefix}{number:05d}" for number in range(first, first + count)]


def step_past(*, organization_id: UUID, entity_id: UUID, kind: str, numbers: Iterable[str]) -> None:
    """Lets the series go on after numbers that were given elsewhere and look like its own."""
    series = (
        NumberSeries.objects.of(organization_id)
        .select_for_update()
        .get(entity_id=entity_id, kind=kind)
    )
    own = re.compile(re.escape(series.prefix) + r"([0-9]{1,9})")
    found = (own.fullmatch(number) for number in numbers)
    highest = max((int(match[1]) for match in found if match), default=0)
    if highest >= series.next:
        series.next = highest + 1
        series.save(update_fields=["next"])


def _refuse_bad_names(*, slug: str, owner_email: str) -> None:
    try:
        validate_slug(slug)
        validate_email(owner_email)
    except ValidationError as problem:
        raise OrganizationRefused(" ".join(problem.messages)) from None
    if slug != slug.lower() or "_" in slug or slug in RESERVED:
        raise OrganizationRefused(
            _(
                "“%s” can't be a slug: use lower-case letters, digits and hyphens; "
                "it becomes the portal's host name."
            )
            % slug
        )
