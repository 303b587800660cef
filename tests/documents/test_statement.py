"""A statement's PDF."""

from dataclasses import replace
from decimal import Decimal

import pytest

from paidup.documents.parties import BadDocument
from paidup.documents.statement import Aging, StatementGroup, render_statement

from .cast import ITEM, STATEMENT, accessible, links, pages, words


def test_it_says_what_is_open_and_how_old_it_is() -> None:
    pdf = render_statement(STATEMENT)
    said = words(pdf)
    for text in (
        "Statement date June 30, 2013",
        "Account number ALP-0042",
        "$360.00 open on June 30, 2013",
        "Current 1–30 days 31–60 days 61–90 days Over 90 days Unapplied",
        "0.00 0.00 0.00 0.00 450.00 −90.00",
        "Open invoices INV-000871 Disputed Feb 10, 2013 Mar 12, 2013 110 1,200.00 450.00",
        "Open invoices 450.00",
        "Unapplied credits CM-00012 Jun 25, 2013 −90.00 −90.00",
        "Total $360.00",
    ):
        assert text in said
    assert links(pdf) == ["https://pay.example/b/abc"]
    assert accessible(pdf)


def test_the_same_statement_gives_the_same_bytes() -> None:
    assert render_statement(STATEMENT) == render_statement(replace(STATEMENT))


def test_a_group_that_goes_on_over_the_page_repeats_its_title() -> None:
    group = StatementGroup(title="Subsidiary A", items=(ITEM,) * 90, balance=Decimal(40500))
    said = pages(render_statement(replace(STATEMENT, groups=(group,))))
    assert len(said) > 2
    assert all("Number Issued Due Days late Amount Open (USD)" in page for page in said[:-1])
    assert all("Subsidiary A" in page for page in said if "INV-000871" in page)


def test_a_sole_group_has_no_balance_beside_the_total() -> None:
    said = words(render_statement(replace(STATEMENT, groups=STATEMENT.groups[:1])))
    assert said.count("Open invoices") == 1


def test_money_in_the_customers_favour_is_said_and_not_asked_for() -> None:
    statement = replace(
        STATEMENT,
        groups=STATEMENT.groups[1:],
        aging=Aging(unapplied=Decimal(-90)),
        total=Decimal(-90),
    )
    pdf = render_statement(statement)
    assert "$90.00 in credit on June 30, 2013" in words(pdf)
    assert links(pdf) == []


def test_a_settled_account_has_no_table() -> None:
    said = words(render_statement(replace(STATEMENT, groups=(), aging=Aging(), total=Decimal(0))))
    assert "$0.00 open on June 30, 2013" in said
    assert "Days late" not in said


def test_a_payment_link_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(BadDocument, match="must begin with https://"):
        replace(STATEMENT, payment_link="file:///etc/passwd")
