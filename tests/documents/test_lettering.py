"""Text from outside is made fit to be set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paidup.documents.lettering import lettered, letters


@pytest.mark.parametrize(
    ("given_text", "set_text"),
    [
        ("Alpine Ski House", "Alpine Ski House"),
        ("two\r\nlines", "two\nlines"),
        ("tab\tstop", "tab stop"),
        ("nul\x00 bell\x07 escape\x1b[1m", "nul bell escape[1m"),
        ("e\u0301", "é"),
        ("1\u202f234,50\u00a0€", "1\u202f234,50\u00a0€"),
        ("x" * 26, "x" * 12 + "\u200b" + "x" * 12 + "\u200bxx"),
        ("שלום", "\u2068שלום\u2069"),
        ("a\nשלום", "a\n\u2068שלום\u2069"),
        ("\u202eevil\u2069", "evil"),
    ],
)
def test_a_text_is_made_fit(given_text: str, set_text: str) -> None:
    assert lettered(given_text, isolate=False) == set_text


def test_a_right_to_left_document_isolates_every_text() -> None:
    assert lettered({"a": ["Acme Inc.", ("", 3)]}, isolate=True) == {
        "a": ["\u2068Acme Inc.\u2069", ["", 3]]
    }


@given(st.text())
def test_no_control_survives(text: str) -> None:
    kept = letters(text)
    assert not any(ord(letter) < 32 or "\ud800" <= letter <= "\udfff" for letter in kept)
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert letters(kept) == kept
