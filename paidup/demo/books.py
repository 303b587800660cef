"""The organization with its entities and people, and what the other parts of the demo share."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from paidup.customers.models import Contact, ContactLink, Customer
from paidup.history.actors import Actor, staff, system
from paidup.invoicing.operations import establish_statuses
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Entity, Member, Organization, User
from paidup.organizations.operations import add_entity, add_member, add_organization
from paidup.organizations.queries import ready_role
from paidup.organizations.roles import RoleDetails, add_role, change_role
from paidup.organizations.states import ReadyRole

from . import people
from .cast import Company

NAME = "Larkfield Water Systems"
ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Books:
    """The demo's books while they are being written. `at` is the present moment."""

    organization: Organization
    entities: dict[str, Entity]
    members: dict[str, Member]
    at: datetime
    rng: Random
    customers: dict[UUID, Customer] = field(default_factory=dict)

    def entity_of(self, company: Company) -> Entity:
        """Who bills it."""
        return self.entities[company.region.entity]

    @property
    def today(self) -> date:
        """The organization's day."""
        return self.organization.day(self.at)

    def day(self, days_ago: int) -> date:
        """The working day that lies so many days back, or before it."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(day.weekday() - 4, 0))

    def moment(self, day: date, hour: float) -> datetime:
        """An hour of the organization's day such as 9.5; the present one for what is yet to be."""
        opened = datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
        return min(opened.astimezone(self.at.tzinfo), self.at)

    def owner_of(self, customer: Customer) -> Actor:
        """Its billing owner, as who does things."""
        return staff(customer.billing_owner_id)

    def person(self, customer_id: UUID) -> Contact:
        """Whom one talks to there."""
        links = ContactLink.objects.of(self.organization).filter(customer_id=customer_id)
        found: Contact = links.select_related("contact").order_by("id")[0].contact
        return found


def found(*, slug: str, password: str, at: datetime, since: datetime, rng: Random) -> Books:
    """Founds the organization with three entities and its people, who may be known already."""
    people.add_users(password=password, at=since)
    organization = add_organization(
        slug=slug,
        name=NAME,
        owner_email=people.OWNER,
        currency="USD",
        country="US",
        timezone=str(ZONE),
        at=since,
    )
    with tenant(organization.id):
        establish_statuses(organization=organization, by=system("invoicing"), at=since)
        return Books(
            organization=organization,
            entities=_entities(organization),
            members=_members(organization, since),
            at=at,
            rng=rng,
        )


def _entities(organization: Organization) -> dict[str, Entity]:
    head = Entity.objects.of(organization).get()
    head.name = f"{NAME}, Inc."
    head.address = "400 Canal Street\nRochester, NY 14608"
    head.tax_id = "00-0123456"
    head.save()
    uk = add_entity(
        organization=organization,
        name=f"{NAME} (UK) Ltd",
        currency="GBP",
        country="GB",
        address="12 Quay Street\nBristol\nBS1 4DJ",
        tax_id="GB 000 0000 00",
        mark="UK-",
    )
    eu = add_entity(
        organization=organization,
        name="Larkfield Wassertechnik GmbH",
        currency="EUR",
        country="DE",
        address="Hafenstraße 21\n20457 Hamburg",
        tax_id="DE000000000",
        mark="EU-",
    )
    return {"us": head, "uk": uk, "eu": eu}


def _members(organization: Organization, at: datetime) -> dict[str, Member]:
    for email, _, role in people.STAFF:
        add_member(
            organization=organization,
            user=User.objects.get(email=email),
            role=ready_role(organization, role),
        )
    members = Member.objects.of(organization).select_related("user")
    by_email = {member.user.email: member for member in members}
    details = RoleDetails(
        name=people.LIMITED_ROLE, limited=True, levels=ReadyRole.AR_SPECIALIST.levels
    )
    by = staff(by_email[people.OWNER].id)
    limited = add_role(details=details, by=by, at=at)
    change_role(member=by_email[people.LIMITED], role=limited, by=by, at=at)
    return by_email
