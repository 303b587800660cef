"""Templates and their merge variables."""

import pytest

from paidup.communications import variables
from paidup.communications.models import MessageTemplate
from paidup.communications.operations import save_template
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books


def save(books: Books, template: MessageTemplate | None = None, **changes: str) -> MessageTemplate:
    texts = {"name": "Hello", "subject": "Hi", "body": "Dear {{ contact.name }}"} | changes
    with tenant(books.id):
        return save_template(
            purpose=Purpose.STATEMENT, by=books.by, at=books.at, template=template, **texts
        )


def test_a_template_is_saved_and_changed(db: None) -> None:
    books = found_books()
    template = save(books)
    assert save(books, template, subject="Changed").id == template.id
    with pytest.raises(TemplateRefused, match="already"):
        save(books, name=" Hello ")


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("{{ contact.nmae }}", "did you mean {{ contact.name }}"),
        ("{{ frobnicate }}", "choose one from the list"),
        ("{{ contact.name }", "two braces on either side"),
        ("{{ 1 }}", "two braces on either side"),
        ("", "needs a name, a subject and a text"),
    ],
)
def test_a_variable_that_is_not_known_is_refused(db: None, body: str, hint: str) -> None:
    with pytest.raises(TemplateRefused, match=hint):
        save(found_books(), body=body)


def test_an_empty_value_is_an_error_and_never_a_gap() -> None:
    assert variables.fill("Hi {{name}}, {{ name }}", {"name": "Ann"}) == "Hi Ann, Ann"
    with pytest.raises(TemplateRefused, match="is empty here"):
        variables.fill("Hi {{ name }}", {"name": " "})
    with pytest.raises(TemplateRefused, match="did you mean"):
        variables.fill("Hi {{ nam }}", {"name": "Ann"})


def test_a_value_is_never_read_as_a_template() -> None:
    assert variables.fill("{{ a }}", {"a": "{{ b }}", "b": "no"}) == "{{ b }}"


def test_every_purpose_offers_what_is_known_everywhere() -> None:
    for purpose in Purpose:
        names = [variable.name for variable in variables.variables(purpose)]
        assert "customer.name" in names
        assert len(names) == len(set(names))
