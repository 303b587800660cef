"""What a list says of people at customers, beside what is known of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.customers.bulk import NewContact
from paidup.customers.bulk_edit import Edit, PlaceEdit
from paidup.customers.search import fold
from paidup.lib.ids import new_id

from .known import KnownPlace
from .outcome import Counts

_PERSON = ("name", "email", "phone", "language")


class BadEntry(Exception):
    """A line that contradicts another one, or what is known; the message is the reason."""


class People:
    """Takes in who a list says is at a customer; holds who is new and what changes.

    A person is found by the e-mail address among those of the customer; without one by the name.
    """

    def __init__(self, places: Mapping[UUID, list[KnownPlace]], *, at: datetime) -> None:
        """With those known."""
        self.places = places
        self.at = at
        self.counts = Counts()
        self.contacts: list[NewContact] = []
        self.edits: dict[UUID, dict[str, tuple[Any, Any]]] = {}
        self.place_edits: list[PlaceEdit] = []
        self._lines: dict[tuple[UUID, str], int] = {}  # where a person at a customer stands
        self._said: dict[tuple[UUID, str], tuple[Any, int]] = {}  # of known people, and where

    def take(self, line: int, customer_id: UUID, language: str, values: Mapping[str, Any]) -> None:
        """One person at one customer. Raises BadEntry, and then takes in nothing."""
        name, email = values.get("name", ""), values.get("email", "")
        if not name and not email:
            raise BadEntry(_("The contact needs a name or an e-mail address."))
        self._refuse_twice(line, customer_id, email.lower() or fold(name), email or name)
        place = self._known(customer_id, name, email)
        if place is None:
            self._add(customer_id, language, values)
        else:
            self._change(line, place, values)

    def person_edits(self) -> list[Edit]:
        """What changes of people, wherever they are contacts."""
        return [Edit(contact_id, changes) for contact_id, changes in self.edits.items()]

    def _refuse_twice(self, line: int, customer_id: UUID, key: str, shown: str) -> None:
        first = self._lines.setdefault((customer_id, key), line)
        if first != line:
            raise BadEntry(
                _("%(who)s stands on line %(line)s already, for the same customer.")
                % {"who": shown, "line": first}
            )

    def _known(self, customer_id: UUID, name: str, email: str) -> KnownPlace | None:
        places = self.places.get(customer_id, ())
        if email:
            for place in places:
                if place.email.lower() == email.lower():
                    return place
        for place in places:
            if name and fold(place.name) == fold(name) and not (email and place.email):
                return place
        return None

    def _add(self, customer_id: UUID, language: str, values: Mapping[str, Any]) -> None:
        details = {"language": language, "name": "", "email": "", **values}
        details["name"] = details["name"] or details["email"].partition("@")[0]
        self.contacts.append(
            NewContact(id=new_id(), customer_id=customer_id, added_at=self.at, **details)
        )
        self.counts.created += 1

    def _change(self, line: int, place: KnownPlace, values: Mapping[str, Any]) -> None:
        wanted = {name: value for name, value in values.items() if name in _PERSON}
        if place.email:
            wanted.pop("email", None)  # by which it was found
        for name, value in wanted.items():
            said, where = self._said.get((place.contact_id, name), (value, line))
            if said != value:
                raise BadEntry(
                    _("Line %(line)s says otherwise of the same person: %(said)s.")
                    % {"line": where, "said": said}
                )
        self._said |= {(place.contact_id, name): (value, line) for name, value in wanted.items()}
        changes = _differing(place, wanted)
        place_changes = _differing(
            place, {name: value for name, value in values.items() if name not in _PERSON}
        )
        if changes:
            self.edits.setdefault(place.contact_id, {}).update(changes)
        if place_changes:
            self.place_edits.append(
                PlaceEdit(place.link_id, place_changes, place.customer_id, place.contact_id)
            )
        if changes or place_changes:
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1


def _differing(place: KnownPlace, wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (before, after)
        for name, after in wanted.items()
        if (before := getattr(place, name)) != after
    }
