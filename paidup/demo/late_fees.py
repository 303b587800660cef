"""Late fees: a rule that has been charging for a week, and one that waits to be switched on."""

from datetime import date, datetime
from decimal import Decimal
from functools import partial

from paidup.history.actors import staff
from paidup.late_fees import operations as late_fees
from paidup.late_fees.operations import Terms
from paidup.late_fees.states import Kind

from .books import Books
from .diary import Diary
from .people import OWNER

SINCE = 9  # days ago


def charge(diary: Diary) -> None:
    """Notes the rules, and what the one that is switched on has charged each night since."""
    books = diary.books
    diary.note(books.day(SINCE), 9, partial(_agree, books))
    for ago in range(SINCE - 1, -1, -1):
        diary.note(books.day(ago), 0.4, partial(_run, books))


def _agree(books: Books, on: date, at: datetime) -> None:
    by = staff(books.members[OWNER].id)
    dollars = Terms(
        kind=Kind.PERCENT,
        currency="USD",
        rate=Decimal("1.5"),
        grace_days=10,
        every_days=30,
        most=Decimal(250),
        starts_on=books.day(SINCE + 30),
    )
    rule = late_fees.add_rule(terms=dollars, by=by, at=at)
    late_fees.switch_rule(rule=rule, on=True, by=by, at=at)
    others = Terms(
        kind=Kind.PER_ANNUM,
        currency="",
        rate=Decimal(8),
        grace_days=30,
        every_days=30,
        starts_on=books.day(90),
    )
    late_fees.add_rule(terms=others, by=by, at=at)
    del on


def _run(books: Books, on: date, at: datetime) -> None:
    del on
    late_fees.assess(organization_id=books.organization.id, at=at)
