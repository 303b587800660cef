"""Building the demo: plan, write the books in one transaction, charge, look at today."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from paidup.invoicing.operations import count_overdue
from paidup.lib.tenancy import tenant

from . import (
    charges,
    late_fees,
    letters,
    methods,
    money_in,
    own_fields,
    past,
    portal,
    reminders,
    standing,
    stories,
    ways_to_pay,
)
from .books import ZONE, found
from .cast import Company, Habit, companies
from .diary import Diary
from .open_items import Pool, issue
from .trade import Sale, sales

SEED = 20
REACH = timedelta(days=425)  # how far back the books go

Say = Callable[[str], None]


def build(*, slug: str, customers: int, password: str, at: datetime, say: Say) -> None:
    """Builds the demo under this slug, with a password for those who sign in.

    Raises OrganizationRefused when the slug is taken. Whatever a kill leaves out, jobs make good.
    """
    rng = Random(SEED)
    on = at.astimezone(ZONE).date()
    businesses = list(islice(companies(rng), customers))
    billed = [
        sale
        for company in businesses
        for sale in sales(rng, company, since=past.joined(company, on - REACH), until=on)
    ]
    say(f"Building a demo of {customers} customers and {len(billed)} invoices …")
    saved = charges.save_methods(billed, on=on, at=at)
    another = methods.save_another(at=at)
    books = found(slug=slug, password=password, at=at, since=at - REACH, rng=rng)
    diary, later = Diary(books), Diary(books)
    with tenant(books.organization.id):
        past.add_customers(books, businesses, since=on - REACH)
        past.link_branches(books, businesses)
        past.complete(books, businesses)
        billed = past.number(books, billed)
        past.load_paid(books, [sale for sale in billed if sale.paid_on])
        unpaid = [sale for sale in billed if not sale.paid_on]
        issue(diary, unpaid)
        charges.schedule(diary, saved)
        methods.tell(diary, saved, unpaid, another=another)
        pool = Pool([sale for sale in unpaid if sale.company.habit is not Habit.AUTOPAY])
        charges.note_charges(later, pool)
        ways_to_pay.tell(diary, pool)
        money_in.tell(diary, pool)
        stories.tell(diary, pool)
        standing.judge(diary, businesses)
        standing.collect(diary, pool)
        own_fields.note(diary, unpaid)
        portal.tell(diary, Pool(unpaid), password=password)
        letters.write(diary, pool)
        late_fees.charge(diary)
        _put_away(diary, businesses, unpaid)
        reminders.remind(diary)
        diary.live()
    later.live()
    with tenant(books.organization.id):
        reminders.remind_today(books)
    count_overdue(organization_id=books.organization.id, at=at)


def _put_away(diary: Diary, businesses: Sequence[Company], unpaid: Sequence[Sale]) -> None:
    """Business has ended with some who stand alone; most of them owe nothing."""
    owing = {sale.company.id: sale.issued_on for sale in unpaid}  # the latest of each
    grouped = {company.parent_id for company in businesses}
    alone = [
        company.id
        for company in businesses
        if company.parent_id is None
        and company.id not in grouped
        and company.habit is not Habit.AUTOPAY
    ]
    stories.put_away(
        diary,
        settled=[customer_id for customer_id in alone if customer_id not in owing],
        owing=[
            customer_id
            for customer_id in alone
            if customer_id in owing and owing[customer_id] < diary.books.day(20)
        ],
    )
