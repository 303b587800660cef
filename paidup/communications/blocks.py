"""What a message says, in blocks that know amounts and days but not how they are drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; line breaks are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """A link that asks to be followed. Without an address yet it is drawn but leads nowhere."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SecretButton:
    """A button whose address opens something to whoever has it: made when the mail leaves, by the
    maker's name and the id of what it opens. Wherever else it is drawn, it leads nowhere."""

    label: str
    maker: str
    id: UUID


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a table; `amount` is what is asked for, `status` a word or two about it."""

    number: str
    due_on: date
    amount: Decimal
    url: str = ""
    status: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceTable:
    """Invoices of one currency, with their sum below when there are several.

    `left_out` more are counted and summed up, but not listed.
    """

    currency: str
    rows: tuple[InvoiceRow, ...]
    title: str = ""
    left_out: int = 0
    left_out_amount: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), self.left_out_amount)


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one below the other, written in the reader's language."""

    rows: tuple[tuple[str, str], ...]


Block = Paragraph | Button | SecretButton | InvoiceTable | Facts


class BadBlock(Exception):
    """What is stored as a block is none."""


def to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks as they are stored."""
    return [_to_json(block) for block in blocks]


def from_json(stored: Iterable[dict[str, Any]]) -> tuple[Block, ...]:
    """The blocks that were stored. Raises BadBlock for a kind that isn't known."""
    return tuple(_from_json(block) for block in stored)


def _to_json(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Button(label, url):
            return {"kind": "button", "label": label, "url": url}
        case SecretButton(label, maker, id_):
            return {"kind": "secret_button", "label": label, "maker": maker, "id": str(id_)}
        case InvoiceTable(currency, rows, title, left_out, left_out_amount):
            return {
                "kind": "invoices",
                "currency": currency,
                "title": title,
                "left_out": left_out,
                "left_out_amount": str(left_out_amount),
                "rows": [
                    [
                        row.number,
                        row.due_on.isoformat(),
                        str(row.amount),
                        row.url,
                        row.status,
                        row.overdue,
                    ]
                    for row in rows
                ],
            }
        case Facts(rows):
            return {"kind": "facts", "rows": [list(row) for row in rows]}


def _from_json(stored: dict[str, Any]) -> Block:
    match stored:
        case {"kind": "paragraph", "text": text}:
            return Paragraph(text)
        case {"kind": "button", "label": label, "url": url}:
            return Button(label, url)
        case {"kind": "secret_button", "label": label, "maker": maker, "id": id_}:
            return SecretButton(label, maker, UUID(id_))
        case {"kind": "invoices"}:
            return _table(stored)
        case {"kind": "facts", "rows": rows}:
            return Facts(tuple((label, value) for label, value in rows))
    raise BadBlock(f"{stored!r} is no block of a message.")


def _table(stored: dict[str, Any]) -> InvoiceTable:
    return InvoiceTable(
        stored["currency"],
        tuple(
            InvoiceRow(number, date.fromisoformat(due_on), Decimal(amount), *others)
            for number, due_on, amount, *others in stored["rows"]
        ),
        stored["title"],
        stored["left_out"],
        Decimal(stored["left_out_amount"]),
    )
