"""The customers, and all that was billed to them and paid long since, loaded set by set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from paidup.customers import bulk as customers
from paidup.customers.bulk import NewContact, NewCustomer
from paidup.customers.models import ContactLink, Customer
from paidup.customers.search import refresh
from paidup.history.actors import system
from paidup.invoicing.operations.bulk import NewInvoice
from paidup.lib.ids import new_id
from paidup.organizations.operations import take_numbers
from paidup.payments.operations import bulk as payments
from paidup.payments.operations.bulk import NewAllocation, NewPayment

from .books import Books
from .cast import Company
from .people import ADMIN, MANAGER, OWNERS, SALES
from .trade import Sale, Ways

IMPORT = system("import")
MORNING, NOON = 9, 12  # hours
DELIVERED_ELSEWHERE = 0.3  # of customers


def add_customers(books: Books, companies: Sequence[Company], *, since: date) -> None:
    """The customers with their contacts; the books begin `since`."""
    for entity in dict.fromkeys(books.entities.values()):
        mine = [company for company in companies if books.entity_of(company) == entity]
        numbers = take_numbers(
            organization_id=books.organization.id,
            entity_id=entity.id,
            kind="customer",
            count=len(mine),
        )
        customers.add_customers(
            customers=[
                _customer(books, company, number, joined(company, since))
                for company, number in zip(mine, numbers, strict=True)
            ],
            contacts=[
                contact
                for company in mine
                for contact in _contacts(books, company, joined(company, since))
            ],
            entity_id=entity.id,
            by=IMPORT,
        )


def link_branches(books: Books, companies: Sequence[Company]) -> None:
    """Makes each group's people contacts of its branches too."""
    branches = [company for company in companies if company.parent_id]
    ContactLink.objects.bulk_create(
        ContactLink(
            organization=books.organization,
            customer_id=branch.id,
            contact_id=person.id,
            role=person.role,
        )
        for branch in branches
        for person in branch.people
    )
    refresh(branch.id for branch in branches)


def complete(books: Books, companies: Sequence[Company]) -> None:
    """Adds what only some have: who else is in charge, and where goods go."""
    rows = Customer.objects.of(books.organization).select_related("entity").in_bulk()
    for company in companies:
        customer = rows[company.id]
        customer.manager = books.members[MANAGER]
        customer.sales_rep = books.members[books.rng.choice(SALES)]
        if "key account" in company.tags:
            customer.account_manager = books.members[ADMIN]
        if books.rng.random() < DELIVERED_ELSEWHERE:
            customer.shipping_address = company.region.street_address(books.rng, company.city)
        books.customers[customer.id] = customer
    Customer.objects.bulk_update(
        rows.values(), ["manager", "sales_rep", "account_manager", "shipping_address"]
    )


def joined(company: Company, since: date) -> date:
    """The day on which it became a customer."""
    return since + timedelta(days=company.joined_after)


def number(books: Books, sales: Iterable[Sale]) -> list[Sale]:
    """The sales with their invoice numbers, in the order of their dates."""
    ordered = sorted(sales, key=lambda sale: (sale.issued_on, sale.company.id))
    billers = [books.entity_of(sale.company) for sale in ordered]
    numbers = {
        entity: iter(
            take_numbers(
                organization_id=books.organization.id,
                entity_id=entity.id,
                kind="invoice",
                count=count,
            )
        )
        for entity, count in Counter(billers).items()
    }
    return [
        replace(sale, number=next(numbers[biller]))
        for sale, biller in zip(ordered, billers, strict=True)
    ]


def load_paid(books: Books, sales: Sequence[Sale]) -> None:
    """Invoices that were paid in full, with their payments; what a day brought is one payment."""
    for entity in books.entities.values():
        mine = [sale for sale in sales if books.entity_of(sale.company) == entity]
        invoices = [_invoice(books, sale) for sale in mine]
        received, allocations = _payments(books, mine, invoices)
        payments.load(
            invoices=invoices,
            payments=received,
            allocations=allocations,
            entity_id=entity.id,
            by=IMPORT,
            at=books.at,
        )


def _customer(books: Books, company: Company, number: str, on: date) -> NewCustomer:
    owners = {email: share for email, share in OWNERS.items() if email in books.members}
    [owner] = books.rng.choices(list(owners), list(owners.values()))
    return NewCustomer(
        id=company.id,
        number=number,
        name=company.name,
        currency=company.region.currency,
        added_at=books.moment(on, MORNING),
        billing_owner_id=books.members[owner].id,
        parent_id=company.parent_id,
        phone=company.phone,
        billing_address=company.address,
        billing_country=company.region.country,
        terms_days=company.terms_days,
        tags=list(company.tags),
    )


def _contacts(books: Books, company: Company, on: date) -> Iterator[NewContact]:
    if company.parent_id:
        return  # the group's people see to it
    for person in company.people:
        yield NewContact(
            id=person.id,
            customer_id=company.id,
            name=person.name,
            email=person.email,
            added_at=books.moment(on, MORNING),
            phone=person.phone,
            role=person.role,
        )


def _invoice(books: Books, sale: Sale) -> NewInvoice:
    return NewInvoice(
        id=new_id(),
        customer_id=sale.company.id,
        number=sale.number,
        currency=sale.company.region.currency,
        issued_on=sale.issued_on,
        due_on=sale.due_on,
        total=sale.net,
        issued_at=books.moment(sale.issued_on, MORNING),
        description="; ".join(line.description for line in sale.lines),
        po_number=sale.po_number,
    )


def _payments(
    books: Books, sales: Sequence[Sale], invoices: Sequence[NewInvoice]
) -> tuple[list[NewPayment], list[NewAllocation]]:
    groups: dict[tuple[date, UUID], list[NewInvoice]] = defaultdict(list)
    companies = {sale.company.id: sale.company for sale in sales}
    for sale, invoice in zip(sales, invoices, strict=True):
        assert sale.paid_on  # noqa: S101  only paid ones are loaded here
        groups[sale.paid_on, sale.company.id].append(invoice)
    ways = {key: Ways.of(company) for key, company in companies.items()}
    payments, allocations = [], []
    for count, ((paid_on, customer_id), paid) in enumerate(sorted(groups.items())):
        payment = NewPayment(
            id=new_id(),
            customer_id=customer_id,
            currency=paid[0].currency,
            amount=sum((invoice.total for invoice in paid), Decimal(0)),
            kind=ways[customer_id].kind,
            reference=ways[customer_id].reference(count),
            received_on=paid_on,
            received_at=books.moment(paid_on, NOON),
        )
        payments.append(payment)
        allocations += [
            NewAllocation(payment.id, invoice.id, invoice.total, max(paid_on, invoice.issued_on))
            for invoice in paid
        ]
    return payments, allocations
