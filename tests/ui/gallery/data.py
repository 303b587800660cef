"""What the gallery shows: one organization's customers, invoices, events; always the same."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
NAMES = [
    "Aldgate Instruments",
    "Bergström & Söner AB",
    "Brightwater Logistics",
    "Calder Valley Foods",
    "Castellani Tessuti",
    "Cobalt Ridge Mining",
    "Delphine Marchetti SARL",
    "Eastbourne Dental Supply",
    "Fennimore Office Interiors",
    "Glasshouse Robotics",
    "Halden Maritime",
    "Harrow & Finch Publishing",
    "Iris Diagnostics",
    "Juniper Street Bakery",
    "Kestrel Aviation Parts",
    "Kowalski Transport",
    "Larkspur Hospitality Group",
    "Lindqvist Data Centres",
    "Marlowe Packaging",
    "Meridian Clinical Research",
    "Northgate Building Supplies",
    "Nakamura Precision",
    "Oakhurst Veterinary Partners",
    "Ostrava Steel Works",
    "Pemberton Legal LLP",
    "Pinecrest Outdoor",
    "Quayside Catering",
    "Rahmani Textiles",
    "Redfern Semiconductors",
    "Saltmarsh Energy",
    "Sierra Vista Unified School District",
    "Stonebridge Analytics",
    "Tamarind Foods International",
    "Thornbury Press",
    "Umber & Slate Architects",
    "Vantage Point Security",
    "Weatherby Agricultural",
    "Whitlock Freight Forwarding",
    "Xenon Lighting",
    "Yarrow Health",
]
OWNERS = ["Maya Okafor", "Tom Reyes", "Ingrid Solberg", "Daniel Weiss"]
CADENCES = ["Standard reminders", "Key accounts", "Strict", "Gentle"]


@dataclass(frozen=True)
class Organization:
    """The tenant."""

    slug: str
    name: str


@dataclass(frozen=True)
class Customer:
    """A row of the list."""

    id: int
    name: str
    number: str
    contact: str
    email: str
    balance: Decimal
    overdue: Decimal
    oldest: date | None
    last_payment: date | None
    contacted: datetime | None
    owner: str
    cadence: str
    health: int | None
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Aging:
    """Open amounts by age."""

    current: Decimal
    days_1_30: Decimal
    days_31_60: Decimal
    days_61_90: Decimal
    over_90: Decimal
    unapplied: Decimal


ORGANIZATIONS = [
    Organization("harbour", "Harbour & Vale Trading"),
    Organization("demo", "Northlight Studio"),
]
AGING = Aging(*(Decimal(x) for x in ("184320.55", "61204.10", "22980", "9415.75", "0", "3250")))
ORGANIZATION_AGING = Aging(
    *(Decimal(x) for x in ("1284320.55", "361204.10", "122980", "79415.75", "48190.20", "13250"))
)


def customers() -> list[Customer]:
    """Forty customers, good payers and bad."""
    dice = random.Random(7)
    return [_customer(dice, number, name) for number, name in enumerate(NAMES, start=1)]


def _customer(dice: random.Random, number: int, name: str) -> Customer:
    late = dice.random() < 0.45
    balance = Decimal(dice.randrange(12_000, 9_000_000)) / 100
    overdue = (balance * Decimal(dice.choice(["0.2", "0.55", "1"]))).quantize(Decimal("0.01"))
    domain = "".join(c for c in name.lower().split("&")[0] if c.isalpha() and c.isascii())
    contact = dice.choice(["Ana Lima", "Joel Park", "Priya Nair", "Søren Holm", "Claire Dubois"])
    statuses = ["overdue"] if late else ["active"]
    if late and dice.random() < 0.3:
        statuses.append(dice.choice(["promised", "disputed"]))
    return Customer(
        id=number,
        name=name,
        number=f"C-{1000 + number * 7}",
        contact=contact,
        email=f"{contact.split()[0].lower()}@{domain[:14]}.example",
        balance=balance,
        overdue=overdue if late else Decimal(0),
        oldest=TODAY - timedelta(days=dice.randrange(-25, 80)) if balance else None,
        last_payment=TODAY - timedelta(days=dice.randrange(2, 90)),
        contacted=NOW - timedelta(hours=dice.randrange(2, 700)) if dice.random() < 0.85 else None,
        owner=dice.choice(OWNERS),
        cadence=dice.choice(CADENCES),
        health=dice.randrange(35, 99) if dice.random() < 0.9 else None,
        statuses=statuses,
    )


def transactions() -> list[dict[str, Any]]:
    """Invoices and payments of one customer."""
    rows = [
        ("INV-2041", "invoice", "2026-03-05", "2026-04-04", "48210.00", "48210.00", "open"),
        ("INV-2019", "invoice", "2026-02-20", "2026-03-22", "136110.55", "136110.55", "promised"),
        ("PAY-0874", "payment", "2026-02-27", None, "-25000.00", "0.00", "settled"),
        ("INV-1988", "invoice", "2026-01-28", "2026-02-27", "86204.10", "61204.10", "overdue"),
        ("INV-1931", "invoice", "2025-12-29", "2026-01-28", "22980.00", "22980.00", "disputed"),
        ("CM-0112", "credit", "2026-01-12", None, "-3250.00", "-3250.00", "open"),
        ("INV-1874", "invoice", "2025-11-30", "2025-12-30", "9415.75", "9415.75", "overdue"),
        ("INV-1802", "invoice", "2025-10-31", "2025-11-30", "41300.00", "0.00", "paid"),
        ("PAY-0790", "payment", "2025-11-29", None, "-41300.00", "0.00", "settled"),
    ]
    return [
        {
            "number": number,
            "kind": kind,
            "issued": date.fromisoformat(issued),
            "due": date.fromisoformat(due) if due else None,
            "amount": Decimal(amount),
            "open": Decimal(open_),
            "status": status,
        }
        for number, kind, issued, due, amount, open_, status in rows
    ]


def events() -> list[dict[str, Any]]:
    """What has happened to one customer."""
    return [
        {
            "icon": "calendar-check",
            "tone": "info",
            "text": "Promise to pay $136,110.55 by Mar 20, 2026",
            "by": "Maya Okafor",
            "at": NOW - timedelta(minutes=12),
            "body": "Joel confirmed the wire goes out with the Friday run.",
        },
        {
            "icon": "phone-outgoing",
            "text": "Call to Joel Park, 4 min",
            "by": "Maya Okafor",
            "at": NOW - timedelta(minutes=21),
        },
        {
            "icon": "mail-forward",
            "text": "Reminder “7 days late” sent to Joel Park",
            "by": "Standard reminders",
            "at": NOW - timedelta(days=1, hours=2),
        },
        {
            "icon": "settings",
            "text": "Billing owner changed",
            "by": "Tom Reyes",
            "at": NOW - timedelta(days=1, hours=5),
            "changes": [{"label": "Billing owner", "before": "Tom Reyes", "after": "Maya Okafor"}],
        },
        {
            "icon": "scale",
            "tone": "warn",
            "text": "Dispute of $22,980.00 on INV-1931",
            "by": "Joel Park",
            "at": NOW - timedelta(days=9),
            "body": "Two of the pallets arrived damaged. Photos attached, please credit.",
        },
        {
            "icon": "credit-card",
            "tone": "bad",
            "text": "Charge of $9,415.75 declined: insufficient funds",
            "by": "Autopay",
            "at": NOW - timedelta(days=13, hours=3),
        },
        {
            "icon": "cash",
            "tone": "good",
            "text": "Payment of $25,000.00 received, applied to INV-1988",
            "by": "Pay link",
            "at": NOW - timedelta(days=13, hours=4),
        },
    ]
