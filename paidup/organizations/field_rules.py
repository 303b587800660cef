"""What a custom field may hold, whether a form, a file or an address brings it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import CustomField
from .models.fields import LONGEST_TEXT
from .states import FieldKind

Value = str | Decimal | date
YES, NO = "yes", "no"
YES_WORDS = frozenset({YES, "y", "true", "1", "x", "on"})
NO_WORDS = frozenset({NO, "n", "false", "0", "off"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,14}(\.[0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadValue(Exception):
    """A text that the field can't hold; the message says what to write instead."""


def read(field: CustomField, text: str) -> Value:
    """The value that a text, which isn't blank, means. Raises BadValue for none."""
    return _READERS[FieldKind(field.kind)](field, text.strip())


def written(value: Value | None) -> str:
    """The value as `read` takes it; nothing for none."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def _text(field: CustomField, text: str) -> Value:  # noqa: ARG001  as all readers
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise BadValue(
            ngettext(
                "It has %(count)s character; shorten it to %(longest)s.",
                "It has %(count)s characters; shorten it to %(longest)s.",
                len(text),
            )
            % {"count": len(text), "longest": LONGEST_TEXT}
        )
    return text


def _number(field: CustomField, text: str) -> Value:  # noqa: ARG001  likewise
    if not _NUMBER.fullmatch(text):
        raise BadValue(
            _("%s is no number; write it like -1234.5, with at most four decimals.") % text
        )
    return Decimal(text)


def _day(field: CustomField, text: str) -> Value:  # noqa: ARG001  likewise
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise BadValue(_("%s is no date; write it like 2026-03-31.") % text) from None


def _choice(field: CustomField, text: str) -> Value:
    for choice in field.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise BadValue(
        _("%(text)s is none of the choices; write one of %(choices)s.")
        % {"text": text, "choices": ", ".join(field.choices)}
    )


def _yes_no(field: CustomField, text: str) -> Value:  # noqa: ARG001  likewise
    word = text.lower()
    if word not in YES_WORDS | NO_WORDS:
        raise BadValue(_("%s is neither yes nor no.") % text)
    return YES if word in YES_WORDS else NO


_READERS: dict[FieldKind, Callable[[CustomField, str], Value]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}
