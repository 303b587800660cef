"""Every kind of event that code can record has words."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import paidup
from paidup.communications.states import MessageState
from paidup.history.models import Event
from paidup.invoicing.states import PromiseState
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments.states import IntentState
from paidup.ui.icons import drawings
from paidup.web.customers.sentences import SENTENCES
from paidup.web.customers.timeline import told
from tests.support.books import found_books

HOUSE = Path(paidup.__file__).parent
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
IN_SQL = re.compile(r"SELECT [a-z_.]+, '([a-z_]+\.[a-z_]+)'")
# What an f-string's value can be, and which of them never becomes an event.
MADE_OF: dict[str, Iterable[str]] = {
    "promise.": set(PromiseState) - {PromiseState.OPEN},
    "message.": {MessageState.QUEUED, MessageState.AWAITING_APPROVAL},
    "charge.": set(IntentState) - {IntentState.PENDING, IntentState.UNKNOWN},
}
RECORDERS = {"record", "_record", "note", "note_all", "_move", "_change", "Happening"}


def recorded() -> set[str]:
    """The kinds that stand in calls which record events, and in the SQL of loads."""
    kinds = set()
    for path in HOUSE.rglob("*.py"):
        if "migrations" not in path.parts and path.parent.name != "config":
            kinds |= set(_of(ast.parse(path.read_text())))
    return kinds


def _of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in RECORDERS:
            for given in [*node.args, *(keyword.value for keyword in node.keywords)]:
                yield from _kinds(given)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from IN_SQL.findall(node.value)


def _kinds(given: ast.AST) -> Iterator[str]:
    for node in ast.walk(given):
        if isinstance(node, ast.Constant) and KIND.fullmatch(str(node.value)):
            yield str(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            prefix = str(node.values[0].value)
            if prefix.endswith("."):
                yield from (f"{prefix}{value}" for value in MADE_OF[prefix])


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_kind_that_code_records_has_words() -> None:
    kinds = recorded()
    assert {"invoice.imported", "customer.edited", "message.sent", "promise.broken"} <= kinds
    assert kinds - set(SENTENCES) == set()


def test_no_words_for_what_nobody_records() -> None:
    assert set(SENTENCES) - recorded() == set()


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_each_is_told_also_of_an_event_that_says_little(kind: str, db: None) -> None:
    books = found_books(at=clock.now())
    sentence = SENTENCES[kind]
    assert sentence.icon in drawings()
    event = Event(
        organization_id=books.id, kind=kind, actor_kind="system", actor_name="import", at=books.at
    )
    if kind == "customer.owner_changed":
        event.data = {"before": None, "after": str(books.owner.id)}
    with tenant(books.id):
        [one] = told(books.organization, [event])
    assert one.text
    assert "%(" not in one.text
