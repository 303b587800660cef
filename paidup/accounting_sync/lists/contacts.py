"""What a list of contacts says, beside what is known of them."""

from django.utils.translation import gettext as _

from paidup.accounting_sync.text_file import Problem

from .known import Known
from .people import BadEntry, People
from .reading import Entries


def take_contacts(entries: Entries, known: Known, people: People) -> list[Problem]:
    """Takes in every line with which nothing is wrong; gives what is wrong with the others.

    The number of a merged customer leads to the one that it became.
    """
    customers = known.merged | known.customers
    problems = [
        Problem(entry.line, _("No customer has the account number %s.") % entry.values["number"])
        for entry in (*entries.good, *entries.flawed)
        if entry.values["number"] not in customers
    ]
    for entry in entries.good:
        values = dict(entry.values)
        customer = customers.get(values.pop("number"))
        if customer is None:
            continue
        try:
            people.take(entry.line, customer.id, customer.language, values)
        except BadEntry as bad:
            problems.append(Problem(entry.line, str(bad)))
    return problems
