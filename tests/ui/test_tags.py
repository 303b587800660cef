"""Money, days, icons, pills and avatars as templates write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from paidup.ui.aging import bars
from tests.ui.gallery import data


def written(source: str, **context: Any) -> str:
    request = RequestFactory().get("/customers/?q=ma&sort=-balance&after=x")
    template = engines["django"].from_string(source)
    return str(template.render(context, request)).strip()


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", "1234.5", "USD", "$1,234.50"),
        ("en", "-1234.5", "USD", "−$1,234.50"),
        ("en", "1234", "JPY", "¥1,234"),
        ("en", "1.5", "KWD", "KWD\xa01.500"),
        ("en", "0.5", "RSD", "RSD\xa00.50"),  # whose cents the locale data would hide
        ("de", "1234.5", "EUR", "1.234,50\xa0€"),
    ],
)
def test_money_is_written_as_the_viewer_reads_it(
    language: str, amount: str, currency: str, text: str
) -> None:
    with override(language):
        assert (
            written("{{ amount|money:currency }}", amount=Decimal(amount), currency=currency)
            == text
        )


def test_columns_that_name_the_currency_need_no_sign() -> None:
    assert written("{{ amount|plain_money:'USD' }}", amount=Decimal("-1234.5")) == "−1,234.50"


@pytest.mark.parametrize("source", ["money:'USD'", "plain_money:'USD'", "date", "moment", "ago"])
def test_nothing_is_a_dash(source: str) -> None:
    assert written("{{ nothing|" + source + " }}", nothing=None) == "–"


def test_days_and_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDUP_NOW", "2013-07-02T09:00")
    at = datetime(2013, 6, 30, 9, tzinfo=UTC)
    assert written("{{ day|date }}", day=date(2013, 6, 30)) == "Jun 30, 2013"
    assert written("{{ at|moment }}", at=at) == "Jun 30, 2013, 9:00\u202fAM"
    assert written("{{ at|ago }}", at=at) == (
        '<time datetime="2013-06-30T09:00:00+00:00" title="Jun 30, 2013, 9:00\u202fAM">'
        "2 days ago</time>"
    )


def test_phone_numbers_are_written_as_people_do() -> None:
    assert written("{{ phone|phone }}", phone="+12125550702") == "+1 212-555-0702"
    assert written("{{ phone|phone }}", phone="ask for Ann") == "ask for Ann"
    assert written("{{ phone|phone }}", phone="") == ""


def test_an_icon_is_hidden_unless_it_has_words() -> None:
    assert 'aria-hidden="true"' in written('{% icon "mail" %}')
    assert 'role="img" aria-label="&lt;Mail&gt;"' in written(
        '{% icon "mail" words %}', words="<Mail>"
    )


def test_a_pill_knows_its_words_and_takes_others() -> None:
    assert written('{% status "partially_paid" %}') == (
        '<span class="pill pill-info">Partially paid</span>'
    )
    assert written('{% status "own" words %}', words="<Legal>") == (
        '<span class="pill pill-quiet">&lt;Legal&gt;</span>'
    )


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Maya Okafor", "MO"), ("Halden", "H"), ("Harrow & Finch Publishing", "HP"), ("–", "?")],
)
def test_initials(name: str, initials: str) -> None:
    assert f">{initials}</span>" in written("{% avatar name %}", name=name)


def test_a_head_sorts_turns_and_starts_at_the_first_page() -> None:
    head = '{% sorting "balance" "Balance" "number" %}{% sorting "overdue" "Overdue" "number" %}'
    answer = written(head, sort="-balance")
    assert 'aria-sort="descending"' in answer
    assert 'href="?q=ma&amp;sort=balance"' in answer
    assert 'href="?q=ma&amp;sort=-overdue"' in answer


def test_the_bar_is_whole_and_leaves_unapplied_money_out() -> None:
    *ages, unapplied = bars(data.AGING)
    assert sum(bar.width for bar in ages) == pytest.approx(100, abs=0.05)
    assert [bar.start for bar in ages][1:] == [
        pytest.approx(bar.start + bar.width) for bar in ages[:-1]
    ]
    assert (unapplied.amount, unapplied.width) == (Decimal(3250), 0)


def test_an_empty_ledger_has_an_empty_bar() -> None:
    nothing = data.Aging(*[Decimal(0)] * 6)
    assert [bar.width for bar in bars(nothing)] == [0] * 6
