"""Reading a ledger's CSV file, row by row, by its mapping."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from paidup.lib import money
from paidup.lib.bulk import uncollected

from . import mapping as mappings
from .mapping import NEEDED, Mapping
from .text_file import Problem, Table, opened

LONGEST_NUMBER, LONGEST_NAME = 60, 200
YEARS = range(1970, 2200)


class Row(NamedTuple):
    """An invoice as the ledger has it."""

    line: int
    account: str
    name: str
    email: str
    country: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    disputed: bool
    settled_on: date | None

    def paid_by(self, as_of: date) -> date | None:
        """The day on which it was paid, unless that lies after `as_of`."""
        return self.settled_on if self.settled_on and self.settled_on <= as_of else None


@dataclass(frozen=True)
class LedgerFile:
    """What was read: the good rows, and what is wrong with the others."""

    currency: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path, *, mapping: str = "") -> LedgerFile:
    """Reads a ledger; without a mapping's name or path the shipped one that fits its header.

    Raises FileRefused for what is no text, MappingRefused when no mapping is found.
    """
    with uncollected():
        table = opened(path.read_bytes())
        chosen = mappings.named(mapping) if mapping else mappings.fitting(table.header)
        return _read(table, chosen)


def _read(table: Table, mapping: Mapping) -> LedgerFile:
    result = LedgerFile(currency=mapping.currency)
    unusable = _check_header(table.header, mapping, result.problems)
    if unusable:
        return result
    parse = _Parser(table.header, mapping)
    for line, values in table.lines:
        try:
            result.rows.append(parse(line, values))
        except _Bad as bad:
            result.problems.append(Problem(line, str(bad)))
    return result


def _check_header(header: list[str], mapping: Mapping, problems: list[Problem]) -> bool:
    """Notes what is wrong with the first line; true when no row can be read then."""
    missing = sorted(set(mapping.columns.values()) - set(header))
    twice = sorted({column for column in header if header.count(column) > 1})
    sentences = [
        (missing, _("Column “%(column)s” is missing; the mapping %(mapping)s needs it.")),
        (twice, _("Column “%(column)s” stands twice in the header.")),
        (
            sorted(set(header) - mapping.header),
            _("Column “%(column)s” is unknown to the mapping %(mapping)s."),
        ),
    ]
    problems += [
        Problem(1, sentence % {"column": column, "mapping": mapping.name})
        for columns, sentence in sentences
        for column in columns
    ]
    return bool(missing or twice)


class _Bad(Exception):
    """A value that can't be; the message is the reason."""


class _Parser:
    """Turns the values of a line into a row. Days and accounts repeat, so they are parsed once."""

    def __init__(self, header: list[str], mapping: Mapping) -> None:
        self.width = len(header)
        self.index = {field: header.index(column) for field, column in mapping.columns.items()}
        self.columns = mapping.columns
        self.mapping = mapping
        self.disputed = {mapping.disputed_when} - {""}
        self.day: Callable[[str], date | None] = cache(self._day)
        self.customer: Callable[[str, str, str], tuple[str, str, str]] = cache(self._customer)

    def __call__(self, line: int, values: list[str]) -> Row:
        """Raises _Bad for a row that can't be an invoice."""
        if len(values) != self.width:
            raise _Bad(
                ngettext(
                    "The line has %(values)s values for %(columns)s column.",
                    "The line has %(values)s values for %(columns)s columns.",
                    self.width,
                )
                % {"values": len(values), "columns": self.width}
            )
        value = {field: values[index].strip() for field, index in self.index.items()}
        for needed in NEEDED:
            if not value[needed]:
                raise _Bad(_("“%(column)s” is empty.") % {"column": self.columns[needed]})
        self._refuse_unstorable(value["invoice"], "invoice", LONGEST_NUMBER)
        name, email, country = self.customer(
            value["account"], value.get("name", ""), value.get("country", "")
        )
        issued_on, due_on = self._day_of("issued", value), self._day_of("due", value)
        if due_on < issued_on:
            raise _Bad(
                _("It is due on %(due)s, before it was issued on %(issued)s.")
                % {"due": due_on, "issued": issued_on}
            )
        return Row(
            line=line,
            account=value["account"],
            name=name,
            email=email,
            country=country,
            number=value["invoice"],
            issued_on=issued_on,
            due_on=due_on,
            amount=self._amount(value["amount"]),
            disputed=value.get("disputed", "") in self.disputed,
            settled_on=self._day_of("settled", value) if value.get("settled") else None,
        )

    def _day_of(self, field: str, value: dict[str, str]) -> date:
        day = self.day(value[field])
        if day is None:
            raise _Bad(
                _("“%(column)s” is %(value)s, which is no date written as %(pattern)s.")
                % {
                    "column": self.columns[field],
                    "value": value[field],
                    "pattern": self.mapping.dates,
                }
            )
        return day

    def _day(self, text: str) -> date | None:
        try:
            day = datetime.strptime(text, self.mapping.dates).date()  # noqa: DTZ007  a day, no moment
        except ValueError:
            return None
        return day if day.year in YEARS else None

    def _amount(self, text: str) -> Decimal:
        currency = self.mapping.currency
        try:
            return money.positive(money.parse(text, currency), currency)
        except money.BadAmount as bad:
            raise _Bad(
                _("“%(column)s”: %(problem)s") % {"column": self.columns["amount"], "problem": bad}
            ) from None

    def _customer(self, account: str, name: str, country: str) -> tuple[str, str, str]:
        self._refuse_unstorable(account, "account", LONGEST_NUMBER)
        self._refuse_unstorable(name, "name", LONGEST_NAME)
        email = self.mapping.contact_email.format(account=account)
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise _Bad(_("%(email)s is no e-mail address.") % {"email": email}) from None
        code = countries.alpha2(country) if country else ""
        if country and not code:
            raise _Bad(_("%(country)s is no ISO 3166 country code.") % {"country": country})
        return name or account, email, code

    def _refuse_unstorable(self, text: str, field: str, longest: int) -> None:
        if len(text) > longest or "\0" in text:
            raise _Bad(
                _("“%(column)s” is longer than %(longest)s characters, or holds unreadable ones.")
                % {"column": self.columns[field], "longest": longest}
            )
