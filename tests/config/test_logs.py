"""Logs say what happened without saying about whom."""

import pytest

from paidup.config.logs import masked


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        ("mail to ada.lovelace+ar@example.co.uk bounced", "mail to …@… bounced"),
        ("Not Found: /pay/Zk3v9TqLx0aB7cD5eF1gH2iJ/", "Not Found: /pay/…/"),
        ("GET /customers/?search=Ada+Lovelace", "GET /customers/?…"),
        (
            "duplicate key\nDETAIL: Key (email)=(ada@example.com) already exists.\nmore",
            "duplicate key\nDETAIL: …\nmore",
        ),
        (
            "invoice 0198d5a2-6b1c-7def-8123-456789abcdef is paid",
            "invoice 0198d5a2-6b1c-7def-8123-456789abcdef is paid",
        ),
        ("at 2026-11-22T08:22:01 by job 17", "at 2026-11-22T08:22:01 by job 17"),
    ],
)  # fmt: skip
def test_personal_data_and_tokens_are_masked(written: str, logged: str) -> None:
    assert masked(written) == logged
