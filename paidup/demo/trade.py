"""What each business is billed over the months, and when it pays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from paidup.invoicing.operations import Line
from paidup.lib import money
from paidup.payments.gateways.sandbox.behaviours import BEHAVIOURS
from paidup.payments.states import PaymentKind

from .cast import Company, Habit
from .words import goods

FORGOTTEN = 0.02  # of invoices, whoever gets them
TICKED = 16  # days back in which the demo's own engine charges what is due
SATURDAY = 5
# Percent, by country; where several, each business is taxed by one of them.
TAXES = {
    "US": (0, 0, "6.25", "7.25"),
    "CA": (13,),
    "GB": (20,),
    "DE": (19,),
    "FR": (0,),
    "IE": (0,),
}
WAYS = {
    "US": (PaymentKind.CHECK, PaymentKind.WIRE, PaymentKind.CARD, PaymentKind.BANK_DEBIT),
    "CA": (PaymentKind.CHECK, PaymentKind.WIRE, PaymentKind.CARD),
    "GB": (PaymentKind.WIRE, PaymentKind.WIRE, PaymentKind.CARD, PaymentKind.BANK_DEBIT),
    "DE": (PaymentKind.WIRE,),
    "FR": (PaymentKind.WIRE, PaymentKind.WIRE, PaymentKind.CHECK),
    "IE": (PaymentKind.WIRE, PaymentKind.WIRE, PaymentKind.CARD),
}


@dataclass(frozen=True, kw_only=True)
class Sale:
    """An invoice to be. Without `paid_on` it is open still."""

    company: Company
    issued_on: date
    due_on: date
    lines: tuple[Line, ...]
    po_number: str
    paid_on: date | None
    number: str = ""

    @property
    def net(self) -> Decimal:
        """What the lines come to before tax."""
        currency = self.company.region.currency
        return sum(
            (money.rounded(line.quantity * line.unit_price, currency) for line in self.lines),
            Decimal(0),
        )


@dataclass(frozen=True)
class Ways:
    """How a business pays, and what it writes on its payments."""

    kind: PaymentKind
    country: str
    first: int  # the number of its first check or transfer
    label: str = ""  # of the method that it is charged to

    @classmethod
    def of(cls, company: Company) -> "Ways":
        """The one way it keeps to."""
        rng, country = Random(company.name), company.region.country
        first = rng.randrange(1000, 90000)
        if company.habit is Habit.AUTOPAY:
            behaviour = BEHAVIOURS[company.charged]
            return cls(
                PaymentKind(behaviour.kind),
                country,
                first,
                f"{behaviour.brand} •••• {company.charged}",
            )
        return cls(rng.choice(WAYS[country]), country, first)

    def reference(self, count: int) -> str:
        """What the n-th payment bears."""
        if self.label:
            return self.label
        number = self.first + count
        match self.kind:
            case PaymentKind.CHECK:
                return f"Check {number}"
            case PaymentKind.CARD:
                return f"Visa •••• {1000 + self.first % 9000}"
            case PaymentKind.BANK_DEBIT:
                return f"{'ACH' if self.country == 'US' else 'Direct Debit'} {number:07d}"
            case _:
                return f"FT{number:06d}"


def sales(rng: Random, company: Company, *, since: date, until: date) -> Iterator[Sale]:
    """All that is billed to a business up to a day, in the order of their dates."""
    tax = Decimal(rng.choice(TAXES[company.region.country]))
    quiet_since = until - timedelta(days=rng.randrange(50, 150))
    has_orders = rng.random() < 0.4
    day = since + timedelta(days=rng.randrange(company.every))
    while day <= until:
        issued_on = workday(day)
        due_on = issued_on + timedelta(days=company.terms_days)
        if issued_on <= until:
            yield Sale(
                company=company,
                issued_on=issued_on,
                due_on=due_on,
                lines=tuple(_lines(rng, company.size, tax)),
                po_number=f"PO-{rng.randrange(10000, 99999)}" if has_orders else "",
                paid_on=_paid_on(rng, company.habit, due_on, quiet_since, until),
            )
        day += timedelta(days=max(company.every + rng.randrange(-3, 4), 2))


def workday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() >= SATURDAY else 0)


def _lines(rng: Random, size: float, tax: Decimal) -> Iterator[Line]:
    """One to four lines; larger businesses buy more of each."""
    kinds = [*rng.sample(goods("services"), k=2), *rng.sample(goods("supplies"), k=3)]
    for good in rng.sample(kinds, k=rng.choice((1, 2, 2, 3, 4))):
        wanted = 1 + rng.random() * good.most * size
        yield Line(
            description=good.description,
            unit_price=good.price,
            quantity=Decimal(max(1, int(min(wanted, 6 * good.most)))),
            tax_rate=tax,
        )


def _paid_on(
    rng: Random, habit: Habit, due_on: date, quiet_since: date, until: date
) -> date | None:
    if habit is Habit.AUTOPAY:
        return due_on if due_on < until - timedelta(days=TICKED) else None
    paid_on = workday(due_on + timedelta(days=_lateness(rng, habit)))
    if habit is Habit.STUCK and paid_on >= quiet_since:
        return None
    return paid_on if paid_on < until else None


def _lateness(rng: Random, habit: Habit) -> int:
    if rng.random() < FORGOTTEN:
        return rng.randrange(30, 75)
    match habit:
        case Habit.EARLY:
            return -rng.randrange(2, 13)
        case Habit.PUNCTUAL:
            return rng.choice((-2, -1, 0, 0, 0, 0, 1, 2))
        case Habit.LATE | Habit.STUCK:
            return rng.randrange(4, 27)
        case _:
            return rng.randrange(-5, 50)
