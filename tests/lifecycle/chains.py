"""Random stories of customers who are merged one after the other and deleted, chains, parents and
children among them."""

from uuid import UUID

from hypothesis import strategies as st

from paidup.customers import queries
from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.lifecycle.queries import Balance, balances
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.operations.allocate import oldest_first
from paidup.payments.queries import payable_customers
from paidup.reporting.aging import aging_as_of
from paidup.reporting.check import differences
from tests.support.books import Books, found_books

from .cast import credit, delete, merge, pay, settle, settled

SIZE = 5
WHO = st.integers(0, SIZE - 1)
AMOUNTS = st.sampled_from(["0.01", "33.33", "100.00", "250.50"])
Act = tuple[str, int, str]
ACTS = st.tuples(
    st.sampled_from(["invoice", "euros", "pay", "credit", "charge", "link", "for a child"]),
    WHO,
    AMOUNTS,
)
STORIES = {
    "parents": st.lists(st.none() | WHO, min_size=SIZE, max_size=SIZE),
    "acts": st.lists(ACTS, max_size=12),
    "pairs": st.lists(st.tuples(WHO, WHO), min_size=1, max_size=6),
    "doomed": st.lists(WHO, max_size=2),
    "later": st.lists(ACTS, max_size=4),
}


def tell(
    parents: list[int | None],
    acts: list[Act],
    pairs: list[tuple[int, int]],
    doomed: list[int],
    later: list[Act],
) -> None:
    """Sums stay whoever is merged or deleted, and the books agree after each step."""
    books = found_books()
    cast: list[Customer] = []
    for number, parent in enumerate(parents):
        above = cast[parent] if parent is not None and parent < number else None
        cast.append(books.customer(f"Customer {number}", parent=above))
    for kind, who, amount in acts:
        act(books, cast[who], kind, amount)
    for gone, kept in pairs:
        source, target = now(books, cast[gone]), now(books, cast[kept])
        if source == target:
            continue
        before = total(books)
        merge(books, source, target)
        assert total(books) == before
        assert now(books, cast[gone]) == target
        agree(books)
    for who in doomed:
        if not is_deleted(books, cast[who]):
            part_with(books, now(books, cast[who]))
    for kind, who, amount in later:
        if not is_deleted(books, cast[who]):
            act(books, now(books, cast[who]), kind, amount)
    agree(books)


def part_with(books: Books, customer: Customer) -> None:
    """Deletes the customer once nothing is open: totals and aging stay."""
    settle(books, customer)
    with tenant(books.id):
        before = total(books), aging_as_of(books.on)
    delete(books, customer)
    with tenant(books.id):
        assert (total(books), aging_as_of(books.on)) == before
    agree(books)


def agree(books: Books) -> None:
    """The books, and nobody stands above themselves."""
    assert differences(books.id) == ()
    assert no_circles(books)


def act(books: Books, customer: Customer, kind: str, amount: str) -> None:
    """Something that happens to a customer."""
    match kind:
        case "invoice":
            books.invoice(customer, amount)
        case "euros":
            books.invoice(customer, amount, currency="EUR")
        case "pay":
            pay(books, customer, amount)
        case "credit":
            credit(books, customer, amount)
        case "charge":
            settled(books, customer, amount)
        case "link":
            with tenant(books.id):
                payments.balance_link(customer=customer, at=books.at)
        case "for a child":
            pay_for_family(books, customer, amount)


def pay_for_family(books: Books, customer: Customer, amount: str) -> None:
    """Its money pays for whomever it may pay for."""
    pay(books, customer, amount)
    with tenant(books.id):
        family = payable_customers(customer.id)
        among = list(Invoice.objects.filter(customer__in=family).values_list("id", flat=True))
        for payment in Payment.objects.filter(customer=customer, unapplied_amount__gt=0):
            payments.allocate(
                source=payment,
                to=oldest_first(payment, among=among),
                on=books.on,
                by=books.by,
                at=books.at,
            )


def total(books: Books) -> dict[str, Balance]:
    """What all owe together and have left."""
    with tenant(books.id):
        ids = list(Customer.objects.values_list("id", flat=True))
        return balances(books.id, ids)


def is_deleted(books: Books, customer: Customer) -> bool:
    """Whether it is, or the one that it has become."""
    with tenant(books.id):
        return queries.deleted_at(customer.id) is not None


def now(books: Books, customer: Customer) -> Customer:
    """The customer it has become."""
    with tenant(books.id):
        return queries.current(customer.id)


def no_circles(books: Books) -> bool:
    """Whether every walk up ends."""
    with tenant(books.id):
        above = dict(Customer.objects.values_list("id", "parent_id"))
    for customer_id in above:
        seen: set[UUID] = set()
        at: UUID | None = customer_id
        while at:
            if at in seen:
                return False
            seen.add(at)
            at = above[at]
    return True
