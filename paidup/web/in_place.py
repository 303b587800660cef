"""What a page says line by line, each of which is edited where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise

from paidup.organizations.field_values import Table, filled_in

from .fields import PREFIX, in_words


@dataclass(frozen=True)
class Detail:
    """A line of the details: its name, by which it is edited, and what it says, safe or plain."""

    name: str
    label: str | Promise
    text: str
    is_editable: bool = True


def custom_details(table: Table, subject_id: UUID) -> list[Detail]:
    """What the organization's own fields hold of a subject. One statement."""
    return [
        Detail(f"{PREFIX}{field.id}", field.label, in_words(field, value))
        for field, value in filled_in(table, subject_id)
    ]


def find_detail(details: Iterable[Detail], name: str) -> Detail:
    """The line of that name, or 404 where none is to be edited."""
    found = next((one for one in details if one.name == name and one.is_editable), None)
    if found is None:
        raise Http404
    return found
