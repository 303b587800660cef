"""Commands of the machinery: what they answer, and what they say when refused."""

import json
import smtplib
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from tests.support.processes import free_port, paidup, running, wait_for


def test_help_needs_no_database() -> None:
    helped = paidup("web", "--help", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert helped.returncode == 0
    assert "Serve the staff app" in helped.stdout


def test_a_database_that_does_not_answer_is_said_plainly() -> None:
    refused = paidup("migrate", DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/none")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: DATABASE_URL can't be reached")
    assert "secret" not in refused.stderr


def test_an_organization_is_founded_and_its_owners_password_shown_once(committed: None) -> None:
    slug = f"cli-{uuid4().hex[:8]}"
    arguments = ("organization", "add", slug, "--name", "Acme", "--owner", f"{slug}@acme.example")
    founded = paidup(*arguments, "--json")
    assert founded.returncode == 0, founded.stderr
    facts = json.loads(founded.stdout)
    assert (facts["slug"], facts["owner"]) == (slug, f"{slug}@acme.example")
    owner = get_user_model().objects.get(email=facts["owner"])
    assert owner.check_password(facts["password"])

    again = paidup(*arguments)
    assert again.returncode == 1
    assert again.stderr.startswith("Error: ")
    assert slug in again.stderr


def test_an_owner_who_is_known_keeps_their_password(committed: None) -> None:
    slugs = [f"cli-{uuid4().hex[:8]}" for _ in range(2)]
    email = f"{slugs[0]}@acme.example"
    for slug in slugs:
        founded = paidup(
            "organization", "add", slug, "--name", slug, "--owner", email, "--json",
            PAIDUP_OWNER_PASSWORD="correct horse battery",
        )  # fmt: skip
        assert "password" not in json.loads(founded.stdout)
    assert get_user_model().objects.get(email=email).check_password("correct horse battery")


def test_the_mailbox_keeps_each_message_whole(tmp_path: Path) -> None:
    port = free_port()
    with running("mailbox", "--port", str(port), PAIDUP_HOME=str(tmp_path)) as process:
        wait_for(lambda: accepts(port), "the mailbox")
        with smtplib.SMTP("127.0.0.1", port) as sender:
            for number in range(2):
                sender.sendmail(
                    "a@a.example", ["b@b.example"], f"Subject: {number}\r\n\r\nHällo\r\n".encode()
                )
        assert process.end() == 0
    kept = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(tmp_path.glob("mail/*"))
    ]
    assert [message["Subject"] for message in kept] == ["0", "1"]


def accepts(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port).quit()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("command", ["web", "run"])
def test_a_port_that_is_none_is_refused_plainly(command: str) -> None:
    refused = paidup(command, PAIDUP_PORT="eighty")
    assert refused.returncode == 2
    assert "'eighty' is not a valid integer" in refused.stderr
