"""Reading CSV files, whatever wrote them: in which encoding, with which delimiter."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARCHIVE = b"PK\x03\x04"  # as which spreadsheets are stored
_DELIMITERS = ",;\t|"
_SAMPLED = 20  # lines from which the delimiter is told
# What no text has, but what any bytes become in an encoding that knows nearly all of them.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class FileRefused(Exception):
    """The file can't be read at all; the message says what to do."""


class Problem(NamedTuple):
    """A line of a file that can't be imported, and why; the column where it is one's fault."""

    line: int
    reason: str
    column: str = ""


@dataclass(frozen=True)
class Table:
    """A file's header, and its other lines with their numbers; blank ones are left out.

    Going through the lines raises FileRefused where they can't be told apart.
    """

    header: list[str]
    lines: Iterator[tuple[int, list[str]]]


def opened(content: bytes) -> Table:
    """A CSV file's table. Raises FileRefused for what is no text."""
    text = _decoded(content)
    lines = _lines(text, _delimiter(text))
    header = next(lines, (0, []))[1]
    if any("\0" in column for column in header):
        raise _no_text()
    return Table([column.strip() for column in header], lines)


def _decoded(content: bytes) -> str:
    if content.startswith(_ARCHIVE):
        raise FileRefused(_("This is a spreadsheet. Save it as “CSV UTF-8” and choose that file."))
    try:
        if content.startswith(_UTF_16):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _no_text() from None
    if content.startswith(_UTF_16) or _CONTROL.search(text):
        raise _no_text()
    return text


def _delimiter(text: str) -> str:
    """That by which the first lines have the same number of columns, and more than one."""

    def fits(delimiter: str) -> tuple[int, int]:
        try:
            widths = [
                len(row)
                for row in islice(csv.reader(StringIO(text), delimiter=delimiter), _SAMPLED)
            ]
        except csv.Error:
            return 0, 0
        width = widths[0] if widths else 0
        return (widths.count(width), width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=fits)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, values
            line = reader.line_num + 1
    except csv.Error as problem:
        raise FileRefused(
            _("The text from line %(line)s on can't be told apart: %(problem)s.")
            % {"line": line, "problem": problem}
        ) from None


def _no_text() -> FileRefused:
    return FileRefused(
        _("This is no CSV file: it isn't text. Export it again, best as “CSV UTF-8”.")
    )
