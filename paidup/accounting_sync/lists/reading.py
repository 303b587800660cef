"""Reading a list's lines: each cell by the rules that the forms go by too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.accounting_sync.states import ListKind
from paidup.accounting_sync.text_file import Problem, Table
from paidup.customers import rules
from paidup.customers.rules import BadDetail
from paidup.customers.search import fold
from paidup.customers.states import ContactRole
from paidup.lib.spreadsheet import original
from paidup.organizations.field_rules import NO_WORDS, YES_WORDS, BadValue
from paidup.organizations.models import Member, Organization

from .fields import YES_NO, Field

Clean = Callable[[str], Any]
_OWNERS = ("billing_owner", "account_manager", "sales_rep", "manager")
AT_ONCE = 5000  # lines after which progress is told


@dataclass(frozen=True)
class Entry:
    """A line: what its cells hold, by field. Blank ones are left out."""

    line: int
    values: dict[str, Any]


@dataclass
class Entries:
    """The lines in which nothing is wrong, and what is wrong in others; of these, `flawed` is what
    could be read beside the account number, with None for a bad cell."""

    good: list[Entry] = field(default_factory=list)
    flawed: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Members:
    """The organization's active members, by name and by e-mail."""

    def __init__(self, organization: Organization) -> None:
        """Reads them."""
        self._ids: dict[str, set[UUID]] = {}
        rows = Member.objects.of(organization).filter(active=True)
        for member_id, name, email in rows.values_list("id", "name", "user__email"):
            for known in {fold(name), email.lower()}:
                self._ids.setdefault(known, set()).add(member_id)

    def named(self, text: str) -> UUID:
        """The member meant. Raises BadDetail when it is nobody, or could be several."""
        found = self._ids.get(text.lower()) or self._ids.get(fold(text)) or set()
        if not found:
            raise BadDetail(
                _("%s is no active member; write a colleague's name or e-mail address.") % text
            )
        if len(found) > 1:
            raise BadDetail(_("Several members are called %s; write the e-mail address.") % text)
        return next(iter(found))


def read(
    table: Table,
    *,
    kind: ListKind,
    fields: Mapping[str, Field],
    columns: Sequence[str],
    members: Members,
    region: str,
    told: Callable[[int], None] = lambda lines: None,  # noqa: ARG005  nobody listens
) -> Entries:
    """Reads all lines by the columns as assigned; `told` hears now and then how many are read.

    Raises FileRefused where the file's lines can't be told apart.
    """
    entries = Entries()
    parse = _Parser(table.header, fields, columns, _cleaners(kind, members, region))
    for count, (line, cells) in enumerate(table.lines, start=1):
        if not count % AT_ONCE:
            told(count)
        if not any(map(str.strip, cells)):
            continue
        values, problems = parse(line, cells)
        if problems:
            entries.problems += problems
            if values.get("number"):
                entries.flawed.append(Entry(line, values))
        else:
            entries.good.append(Entry(line, values))
    return entries


class _Parser:
    """Turns the cells of a line into values. Many repeat, so each is judged once."""

    def __init__(
        self,
        header: Sequence[str],
        fields: Mapping[str, Field],
        columns: Sequence[str],
        cleaners: Mapping[str, Clean],
    ) -> None:
        self.header = header
        self.places = {
            key: [index for index, column in enumerate(columns) if column == key]
            for key in fields
            if key in columns
        }
        self.joins = {key: fields[key].joins for key in self.places}
        self.clean = {
            key: cache(partial(_judged, fields[key].clean or cleaners[key])) for key in self.places
        }

    def __call__(self, line: int, cells: list[str]) -> tuple[dict[str, Any], list[Problem]]:
        if len(cells) != len(self.header):
            reason = ngettext(
                "The line has %(values)s values for %(columns)s column.",
                "The line has %(values)s values for %(columns)s columns.",
                len(self.header),
            )
            figures = {"values": len(cells), "columns": len(self.header)}
            return {}, [Problem(line, reason % figures)]
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, places in self.places.items():
            text = self._text(key, places, cells)
            if not text:
                continue
            values[key], reason = self.clean[key](text)
            if reason:
                problems.append(Problem(line, reason, self.header[places[0]]))
        if "number" not in values:
            [place] = self.places["number"]
            problems.append(Problem(line, _("It is empty."), self.header[place]))
        return values, problems

    def _text(self, key: str, places: Sequence[int], cells: Sequence[str]) -> str:
        texts = (original(cells[place].strip()).strip() for place in places)
        joined = self.joins[key].join(filter(None, texts))
        return joined.replace("\r\n", "\n").replace("\r", "\n") if "\r" in joined else joined


def _judged(clean: Clean, text: str) -> tuple[Any, str]:
    """The value, or why there is none."""
    if "\0" in text:
        return None, _("It holds characters that can't be read.")
    try:
        return clean(text), ""
    except (BadDetail, BadValue) as bad:
        return None, str(bad)


def _cleaners(kind: ListKind, members: Members, region: str) -> dict[str, Clean]:
    phone: Clean = partial(rules.phone, region=region)
    number: Clean = partial(rules.short, longest=rules.LONGEST_NUMBER)
    contact_name: Clean = partial(rules.short, longest=rules.LONGEST_CONTACT_NAME)
    if kind == ListKind.CONTACTS:
        return {
            "number": number,
            "name": contact_name,
            "email": rules.email,
            "phone": phone,
            "language": rules.language,
            "role": _role,
            **dict.fromkeys(YES_NO, _yes_or_no),
        }
    return {
        "number": number,
        "name": partial(rules.short, longest=rules.LONGEST_NAME),
        "phone": phone,
        "billing_address": str,
        "billing_country": rules.country,
        "shipping_address": str,
        "terms_days": rules.terms_days,
        "currency": rules.currency,
        "language": rules.language,
        "tags": rules.tags,
        "parent": number,
        **dict.fromkeys(_OWNERS, members.named),
        "contact_name": contact_name,
        "contact_email": rules.email,
        "contact_phone": phone,
    }


def _role(text: str) -> str:
    for role in ContactRole:
        if text.lower() in {role.value, str(role.label).lower()}:
            return role.value
    raise BadDetail(
        _("%(text)s is no role; write one of %(roles)s.")
        % {"text": text, "roles": ", ".join(ContactRole.values)}
    )


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word not in YES_WORDS | NO_WORDS:
        raise BadDetail(_("%s is neither yes nor no.") % text)
    return word in YES_WORDS


def sample(table: Table, *, lines: int) -> Iterator[list[str]]:
    """The first lines that hold something."""
    for _line, cells in table.lines:
        if any(map(str.strip, cells)):
            yield cells
            lines -= 1
        if not lines:
            return
