"""Two people merge the same contacts at once, each into the other one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from paidup.customers.models import Contact, ContactLink
from paidup.customers.operations import CustomerRefused
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from tests.support.books import Books, found_books

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]


@pytest.mark.parametrize("_time", range(5))
def test_one_of_them_stays_and_the_second_is_told(_time: int) -> None:
    books = found_books()
    customer = books.customer()
    first, second = (books.contact(customer, f"{name}@globex.example") for name in "ab")
    start = Barrier(2)

    def run(into: UUID, other: UUID) -> bool:
        try:
            start.wait()
            return merged(books, into, other)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, (first.id, second.id), (second.id, first.id)))
    assert sorted(done) == [False, True]
    with tenant(books.id):
        kept = Contact.objects.standing().get()
        assert ContactLink.objects.get().contact_id == kept.id


def merged(books: Books, into: UUID, other: UUID) -> bool:
    try:
        with tenant(books.id):
            merge_contacts(into=into, others=[other], by=books.by, at=books.at)
    except CustomerRefused:
        return False
    return True
