"""Text in the cells of CSV files that people open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

BOM = "\ufeff"  # tells spreadsheets that the file is in UTF-8
# What a spreadsheet would take for a formula; a phone number is none.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_PHONE = re.compile(r"\+\d+")


def harmless(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    if _FORMULA.match(text) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text


def original(text: str) -> str:
    """What `harmless` was given."""
    rest = text[1:]
    return rest if text.startswith("'") and harmless(rest) == text else text


def written(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as lines of a CSV file, none of whose texts is computed."""
    file = StringIO()
    csv.writer(file).writerows(
        [harmless(value) if isinstance(value, str) else value for value in row] for row in rows
    )
    return file.getvalue()
