"""Mappings: which column of a ledger's file holds what. Small TOML files, some shipped."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from paidup.lib import money

SHIPPED = Path(__file__).parent / "mappings"
NEEDED = ("account", "invoice", "issued", "due", "amount")
OPTIONAL = ("name", "country", "disputed", "settled")
KEYS = {"currency", "dates", "contact_email", "disputed_when", "ignored", "columns"}


class MappingRefused(Exception):
    """There is no such mapping, or it can't be read; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """Field to column, and how the values are written."""

    name: str
    columns: dict[str, str]
    currency: str
    dates: str
    contact_email: str = ""
    disputed_when: str = ""
    ignored: frozenset[str] = frozenset()

    @property
    def header(self) -> frozenset[str]:
        """The columns of a file that it is made for."""
        return self.ignored | frozenset(self.columns.values())


def shipped() -> list[Mapping]:
    """The mappings that come along, by name."""
    return [_load(path) for path in sorted(SHIPPED.glob("*.toml"))]


def named(name: str) -> Mapping:
    """A shipped mapping by its name, or one's own by its path."""
    path = SHIPPED / f"{name}.toml" if name in _names() else Path(name)
    if not path.is_file():
        raise MappingRefused(
            _("There is no mapping “%(name)s”. Name one of %(names)s, or a TOML file's path.")
            % {"name": name, "names": ", ".join(_names())}
        )
    return _load(path)


def fitting(header: Sequence[str]) -> Mapping:
    """The shipped mapping that is made for this header, or for one of mostly the same columns."""
    best = max(shipped(), key=lambda mapping: len(mapping.header.intersection(header)))
    if 2 * len(best.header.intersection(header)) <= len(best.header):
        raise MappingRefused(
            _(
                "No shipped mapping knows these columns: %(columns)s. Write one and pass its path"
                " with --mapping; shipped are: %(names)s."
            )
            % {"columns": ", ".join(header) or "–", "names": ", ".join(_names())}
        )
    return best


def _names() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def _load(path: Path) -> Mapping:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        return _checked(path.stem, given)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, money.BadAmount) as problem:
        raise MappingRefused(
            _("%(path)s can't be read as a mapping: %(problem)s")
            % {"path": path, "problem": problem}
        ) from None


def _checked(name: str, given: dict[str, Any]) -> Mapping:
    columns = given.get("columns", {})
    unknown = sorted({*given} - KEYS | {*columns} - {*NEEDED, *OPTIONAL})
    missing = [key for key in ("currency", "dates") if key not in given]
    missing += [field for field in NEEDED if field not in columns]
    if unknown or missing:
        raise MappingRefused(
            _("The mapping %(name)s lacks: %(missing)s. It has what it shouldn't: %(unknown)s.")
            % {
                "name": name,
                "missing": ", ".join(missing) or "–",
                "unknown": ", ".join(unknown) or "–",
            }
        )
    money.exponent(given["currency"])
    try:
        given.get("contact_email", "").format(account="A")
    except (KeyError, IndexError, ValueError):
        raise MappingRefused(
            _("contact_email in the mapping %(name)s may name {account} only.") % {"name": name}
        ) from None
    return Mapping(
        name=name,
        columns=dict(columns),
        currency=given["currency"],
        dates=given["dates"],
        contact_email=given.get("contact_email", ""),
        disputed_when=given.get("disputed_when", ""),
        ignored=frozenset(given.get("ignored", ())),
    )
