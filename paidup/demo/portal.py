"""Customers who use the portal: people are invited and come in, files go to and fro, statements go
out."""

from contextlib import suppress
from datetime import date, datetime
from functools import partial
from io import BytesIO
from uuid import UUID

from paidup.attachments import operations as attachments
from paidup.portal_access import operations as portal_access
from paidup.portal_access.gate import ticket_address
from paidup.portal_access.models import Ticket
from paidup.portal_access.operations import PortalRefused
from paidup.statements.operations import StatementRefused, send_open_items

from .books import Books
from .diary import Diary
from .mail import deliver_queued
from .open_items import Pool

INVITED = 8  # customers, those with the most open invoices; all but two come in
CONTRACT = "Service contract 2026.txt"
CONTRACT_TEXT = (
    "Service and supply, January to December 2026.\n"
    "Visits: quarterly. Deliveries: on call, within five working days.\n"
    "Prices as in our offer; adjusted once a year, in January.\n"
)
FROM_CUSTOMERS = (
    ("Remittance advice.csv", "invoice;paid\nsee our list;in full\n"),
    ("Delivery addresses.csv", "site;contact\nMain works;porter\nNorth depot;by phone\n"),
    ("Order confirmation.txt", "Ordered as offered. Please note our order number on the bill.\n"),
)


def tell(diary: Diary, pool: Pool, *, password: str) -> None:
    """Notes it all. Who comes in signs in with this password."""
    books = diary.books
    for count, customer_id in enumerate(_busiest(pool)):
        hour = 9.5 + count / 4
        diary.note(books.day(26), hour, partial(_invite, books, customer_id))
        if count >= INVITED - 2:
            continue
        diary.note(books.day(24), hour, partial(_accept, books, customer_id, password))
        diary.note(books.day(20), hour, partial(_share, books, customer_id))
        diary.note(books.day(12), hour, partial(_send_statement, books, customer_id))
        if count < len(FROM_CUSTOMERS):
            diary.note(books.day(1 + count), 15, partial(_receive, books, customer_id, count))


def _busiest(pool: Pool) -> list[UUID]:
    ids = [sale.company.id for sale in pool.sales]
    return sorted(dict.fromkeys(ids), key=ids.count, reverse=True)[:INVITED]


def _invite(books: Books, customer_id: UUID, on: date, at: datetime) -> None:
    del on
    customer = books.customers[customer_id]
    with suppress(PortalRefused):  # known from another branch, and in already
        portal_access.invite(
            contact=books.person(customer_id),
            customer_ids=[customer_id],
            by=books.owner_of(customer),
            at=at,
        )
    deliver_queued(books, at=at)


def _accept(books: Books, customer_id: UUID, password: str, on: date, at: datetime) -> None:
    del on
    contact = books.person(customer_id)
    tickets = Ticket.objects.of(books.organization).filter(contact=contact, used_at=None)
    for ticket in tickets:
        token = ticket_address(ticket.id).rstrip("/").rpartition("/")[2]
        with suppress(PortalRefused):  # too short a password: they have yet to come in
            portal_access.accept(token=token, password=password, at=at)


def _share(books: Books, customer_id: UUID, on: date, at: datetime) -> None:
    del on
    customer = books.customers[customer_id]
    attachments.share_files(
        customer=customer,
        files=[(CONTRACT, BytesIO(CONTRACT_TEXT.encode()))],
        by=books.owner_of(customer),
        at=at,
    )


def _send_statement(books: Books, customer_id: UUID, on: date, at: datetime) -> None:
    customer = books.customers[customer_id]
    with suppress(StatementRefused):  # nothing was open that day
        send_open_items(customer=customer, again=False, on=on, by=books.owner_of(customer), at=at)
    deliver_queued(books, at=at)


def _receive(books: Books, customer_id: UUID, count: int, on: date, at: datetime) -> None:
    del on
    name, text = FROM_CUSTOMERS[count]
    attachments.receive_files(
        customer=books.customers[customer_id],
        contact=books.person(customer_id),
        files=[(name, BytesIO(text.encode()))],
        at=at,
    )
