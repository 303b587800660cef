"""A worker words what it leaves behind as the organization speaks, whoever else it works for."""

from collections.abc import Callable

from django.utils.translation import override

from paidup.batches.models import BatchRow
from paidup.batches.starting import start_batch
from paidup.batches.states import Action
from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from tests.support.books import found_books
from tests.words.cast import DATA, speaking
from tests.words.pseudo import pseudo_language, untranslated


def test_a_job_speaks_its_organization_s_language(work_off: Callable[[], int]) -> None:
    books = speaking(found_books())
    books.invoice(books.customer())
    with tenant(books.id):
        start_batch(
            action=Action.ARCHIVE,
            customers=Customer.objects.of(books.organization),
            expected=1,
            settings={},
            member=books.owner,
            at=books.at,
        )
    with pseudo_language(), override("en"):
        assert work_off() > 0
    with tenant(books.id):
        reason = BatchRow.objects.get(organization=books.organization).reason
    assert reason
    assert untranslated([reason], data=DATA) == []
