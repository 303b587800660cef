"""Who did something: every operation takes one as `by`."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    STAFF = "staff"
    CONTACT = "contact"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A staff member, a contact of a customer, or a part of the system by its name."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""  # of a part of the system only ("autopay"); people are named by their id


def staff(member_id: UUID) -> Actor:
    return Actor(ActorKind.STAFF, member_id)


def contact(contact_id: UUID | None) -> Actor:
    """A person of the customer; None for whoever holds a pay link."""
    return Actor(ActorKind.CONTACT, contact_id)


def system(name: str) -> Actor:
    return Actor(ActorKind.SYSTEM, name=name)
