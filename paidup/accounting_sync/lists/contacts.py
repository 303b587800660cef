"""What a list of contacts says, beside what is known of them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from paidup.accounting_sync.text_file import Problem

from .known import Known
from .people import BadEntry, People
from .reading import Entry


def take_contacts(entries: Iterable[Entry], known: Known, people: People) -> list[Problem]:
    """Takes in every line with which nothing is wrong; gives what is wrong with the others.

    The number of a merged customer leads to the one that it became.
    """
    problems = []
    customers = known.merged | known.customers
    for entry in entries:
        values = dict(entry.values)
        number = values.pop("number")
        try:
            if number not in customers:
                raise BadEntry(_("No customer has the account number %s.") % number)  # noqa: TRY301  one way for all reasons
            customer = customers[number]
            people.take(entry.line, customer.id, customer.language, values)
        except BadEntry as bad:
            problems.append(Problem(entry.line, str(bad)))
    return problems
