"""What a list of customers says, beside what is known of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.accounting_sync.text_file import Problem
from paidup.customers.bulk import NewCustomer
from paidup.customers.bulk_edit import CustomerEdit
from paidup.customers.models import CustomerValue
from paidup.lib.ids import new_id
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import ValueChange, refuse_lost_choice, values_of
from paidup.organizations.models import CustomField, Entity, Organization

from .custom import apart
from .known import Known, KnownCustomer
from .outcome import Counts
from .people import BadEntry, People
from .reading import Entry

_CONTACT = {"contact_name": "name", "contact_email": "email", "contact_phone": "phone"}
_MEMBERS = ("account_manager", "sales_rep", "manager")


def numbers(entries: Iterable[Entry]) -> Iterable[str]:
    """Every account number that these lines name."""
    for entry in entries:
        yield entry.values["number"]
        if parent := entry.values.get("parent"):
            yield parent


def custom_fields(entries: Iterable[Entry]) -> set[UUID]:
    """Every custom field that these lines fill in."""
    return {field_id for entry in entries for field_id in apart(entry.values)[1]}


class CustomerList:
    """Takes the lines in; holds which customers are new, what changes, and what is wrong."""

    def __init__(
        self,
        known: Known,
        fields: Mapping[UUID, CustomField],
        *,
        entity: Entity,
        organization: Organization,
        owner_id: UUID,
        at: datetime,
    ) -> None:
        """With the custom fields it fills in, and what new customers get besides."""
        self.known = known
        self.fields = fields
        self.held = values_of(CustomerValue, [one.id for one in known.customers.values()], fields)
        self.entity = entity
        self.language = organization.language
        self.owner_id = owner_id
        self.at = at
        self.counts = Counts()
        self.people = People(known.places, at=at)
        self.customers: list[NewCustomer] = []
        self.edits: list[CustomerEdit] = []
        self.filled: list[tuple[UUID, UUID, Value]] = []  # custom fields of new customers
        self.problems: list[Problem] = []
        self._lines: dict[str, int] = {}
        self._ids: dict[str, UUID] = {}  # of every account number that leads to a customer

    def take_all(self, entries: Iterable[Entry], above: Mapping[UUID, UUID]) -> None:
        """Takes in every line with which nothing is wrong; `above` tells who is whose parent.

        What is wrong may lie in what another line says, so once a line is left out the others are
        looked at again, until all are well.
        """
        left = [entry for entry in entries if self._is_sound(entry)]
        while (kept := self._consistent(left, above)) is not left:
            left = kept
        for entry in left:
            self._take(entry)

    def look_over(self, flawed: Iterable[Entry]) -> None:
        """Finds what else is wrong with lines of bad cells, so that all can be mended at once."""
        for entry in flawed:
            read = {key: value for key, value in entry.values.items() if value is not None}
            if "name" in entry.values:
                read.setdefault("name", "")  # a bad one is there, and told of
            self._is_sound(Entry(entry.line, read))

    def _is_sound(self, entry: Entry) -> bool:
        try:
            self._refuse(entry)
        except BadEntry as bad:
            self.problems.append(Problem(entry.line, str(bad)))
            return False
        return True

    def _refuse(self, entry: Entry) -> None:
        number, values = entry.values["number"], entry.values
        for field_id, value in apart(values)[1].items():
            refuse_lost_choice(self.fields[field_id], value)
        first = self._lines.setdefault(number, entry.line)
        if first != entry.line:
            raise BadEntry(
                _("Account number %(number)s stands on line %(line)s already.")
                % {"number": number, "line": first}
            )
        if number in self.known.merged:
            raise BadEntry(
                _("Account number %(number)s leads to %(name)s since a merge; choose another one.")
                % {"number": number, "name": self.known.merged[number].name}
            )
        known = self.known.customers.get(number)
        if known is None and "name" not in values:
            raise BadEntry(_("No customer has the number %s; a new one needs a name.") % number)
        if known and values.get("currency", known.currency) != known.currency:
            raise BadEntry(
                _("%(name)s is billed in %(currency)s, which can't be changed.")
                % {"name": known.name, "currency": known.currency}
            )

    def _consistent(self, entries: list[Entry], above: Mapping[UUID, UUID]) -> list[Entry]:
        """The lines that agree with each other; the same list when all do."""
        self.people = People(self.known.places, at=self.at)
        self._ids = {number: known.id for number, known in self.known.customers.items()}
        self._ids |= {number: known.id for number, known in self.known.merged.items()}
        for entry in entries:
            self._ids.setdefault(entry.values["number"], new_id())
        parents = dict(above) | {
            self._ids[entry.values["number"]]: self._ids[entry.values["parent"]]
            for entry in entries
            if entry.values.get("parent") in self._ids
        }
        wrong = [
            Problem(entry.line, reason)
            for entry in entries
            if (reason := self._wrong_parent(entry, parents) or self._wrong_person(entry))
        ]
        if not wrong:
            return entries
        self.problems += wrong
        lines = {problem.line for problem in wrong}
        return [entry for entry in entries if entry.line not in lines]

    def _wrong_parent(self, entry: Entry, parents: Mapping[UUID, UUID]) -> str:
        number: str | None = entry.values.get("parent")
        if number is None:
            return ""
        if number not in self._ids:
            return _("No customer has the account number %s, which is to be the parent.") % number
        own_id = self._ids[entry.values["number"]]
        seen: set[UUID] = set()
        one: UUID | None = self._ids[number]
        while one and one not in seen:
            if one == own_id:
                return _("%s can't be its parent: it is the customer itself or below it.") % number
            seen.add(one)
            one = parents.get(one)
        return ""

    def _wrong_person(self, entry: Entry) -> str:
        person = {_CONTACT[key]: entry.values[key] for key in _CONTACT if key in entry.values}
        if not person:
            return ""
        number = entry.values["number"]
        known = self.known.customers.get(number)
        language = known.language if known else entry.values.get("language", self.language)
        try:
            self.people.take(entry.line, self._ids[number], language, person)
        except BadEntry as bad:
            return str(bad)
        return ""

    def _take(self, entry: Entry) -> None:
        values = {key: value for key, value in entry.values.items() if key not in _CONTACT}
        values, custom = apart(values)
        number = values.pop("number")
        if "parent" in values:
            values["parent"] = self._ids[values["parent"]]
        known = self.known.customers.get(number)
        if known is None:
            self._add(self._ids[number], number, values)
            self.filled += [(self._ids[number], *one) for one in custom.items()]
        else:
            self._change(known, values, custom)

    def _add(self, customer_id: UUID, number: str, values: dict[str, Any]) -> None:
        members = {f"{key}_id": values.pop(key) for key in _MEMBERS if key in values}
        self.customers.append(
            NewCustomer(
                id=customer_id,
                number=number,
                currency=values.pop("currency", self.entity.currency),
                added_at=self.at,
                billing_owner_id=values.pop("billing_owner", self.owner_id),
                parent_id=values.pop("parent", None),
                language=values.pop("language", self.language),
                **members,
                **values,
            )
        )
        self.counts.created += 1

    def _change(
        self, known: KnownCustomer, values: dict[str, Any], custom: dict[UUID, Value]
    ) -> None:
        changes = {
            field: (before, after)
            for field, after in values.items()
            if (before := known.values[field]) != after
        }
        held = self.held.get(known.id, {})
        filled = [
            ValueChange(self.fields[field_id], before, after)
            for field_id, after in custom.items()
            if (before := held.get(field_id)) != after
        ]
        if changes or filled:
            self.edits.append(CustomerEdit(known.id, changes, filled))
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1
