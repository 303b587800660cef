"""`paidup import ledger` and `paidup check`, as typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paidup.config.cli import commands
from tests.support.books import Books, found_books

from .ledgers import REAL, line, write


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def run_import(books: Books, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    slug = books.organization.slug
    result = run("import", "ledger", file, "--organization", slug, "--json", *options)
    return result.exit_code, json.loads(result.stdout)


def test_the_summary_in_json(books: Books) -> None:
    dry = run_import(books, REAL, "--as-of", "2013-06-30", "--dry-run")
    real = run_import(books, REAL, "--as-of", "2013-06-30", "--mapping", "late-payments")
    assert dry == real
    code, summary = real
    assert code == 0
    assert set(summary) - {"as_of", "currency"} == {
        "customers", "invoices", "payments", "created",
        "open_invoices", "open_amount", "aging", "errors",
    }  # fmt: skip
    assert summary["open_amount"] == "5119.85"
    assert summary["aging"] == {
        "current": "4284.29", "1-30": "835.56", "31-60": "0.00", "61-90": "0.00", "90+": "0.00",
    }  # fmt: skip
    checked = run("check", "--organization", books.organization.slug, "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["differences"]) == (0, [])


def test_errors_end_in_a_failure_unless_skipped(books: Books, tmp_path: Path) -> None:
    file = write(tmp_path / "ledger.csv", [line("1"), line("2", DueDate="?")])
    code, summary = run_import(books, file)
    assert code == 1
    assert [error["line"] for error in summary["errors"]] == [3]
    code, skipped = run_import(books, file, "--skip-bad")
    assert (code, skipped["created"]["invoices"]) == (0, 1)
    assert skipped["errors"] == summary["errors"]


def test_the_day_is_the_clocks_where_the_organization_is(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDUP_NOW", "2013-06-30T23:30-05:00")  # the first of July in UTC
    file = write(
        tmp_path / "ledger.csv", [line("1"), line("2", InvoiceDate="7/1/2013", DueDate="7/9/2013")]
    )
    assert run_import(books, file)[1]["invoices"] == 2
    monkeypatch.setenv("PAIDUP_NOW", "2013-06-30T09:00")
    assert run_import(found_books(), file)[1]["invoices"] == 1


def test_people_read_sentences(books: Books, tmp_path: Path) -> None:
    file = write(tmp_path / "ledger.csv", [line("1"), line("1")])
    slug = books.organization.slug
    result = run("import", "ledger", file, "--organization", slug, "--as-of", "2013-06-30")
    assert result.exit_code == 1
    assert "1 customers, 1 invoices, 0 payments" in result.output
    assert "Line 3: Invoice 1 stands on line 2 already." in result.output
    assert "--skip-bad" in result.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--organization", "nobody"], "There is no organization 'nobody'"),
        (["--organization", "{slug}", "--mapping", "nothing"], "no mapping “nothing”"),
        (["--organization", "{slug}", "--as-of", "30.6.2013"], "2013"),
    ],
)
def test_refusals_say_what_to_do(books: Books, options: list[str], sentence: str) -> None:
    slug = books.organization.slug
    result = run("import", "ledger", REAL, *[option.replace("{slug}", slug) for option in options])
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_lists_by_their_headers(books: Books, tmp_path: Path) -> None:
    customers, contacts = tmp_path / "customers.csv", tmp_path / "contacts.csv"
    customers.write_text("Account Number;Name;Terms;Mood\nA-1;Globex;30;fair\nA-2;Hooli;x;\n")
    contacts.write_text("Customer number,E-mail\nA-1,ann@globex.test\n")
    of = ("--organization", books.organization.slug)
    refused = run("import", "customers", customers, *of)
    assert refused.exit_code == 1
    assert "Mood = –" in refused.output
    assert "Line 3: Terms: x is no number of days from 0 to 365." in refused.output
    assert "--skip-bad" in refused.output
    options = ("--skip-bad", "--json")
    dry = run("import", "customers", customers, *of, *options, "--dry-run")
    done = run("import", "customers", customers, *of, *options)
    assert (done.exit_code, done.stdout) == (0, dry.stdout)
    facts = json.loads(done.stdout)
    assert facts["columns"] == {
        "Account Number": "number", "Name": "name", "Terms": "terms_days", "Mood": "",
    }  # fmt: skip
    assert facts["customers"] == {"created": 1, "updated": 0, "unchanged": 0}
    assert [(error["line"], error["column"]) for error in facts["errors"]] == [(3, "Terms")]
    people = json.loads(run("import", "contacts", contacts, *of, "--json").stdout)
    assert people["contacts"]["created"] == 1


def test_lists_whose_headers_say_nothing(books: Books, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Konto,Name\n1,Globex\n")
    of = ("--organization", books.organization.slug)
    refused = run("import", "customers", file, *of)
    assert "Say which column holds the Account Number" in refused.output
    file.write_text("Account Number,Name\n1,Globex\n")
    unknown = run("import", "customers", file, *of, "--entity", "Other Ltd")
    assert "There is no entity Other Ltd; there are: Acme." in unknown.output
