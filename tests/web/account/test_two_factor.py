"""Signing in with a second factor, from the day a member sets it up."""

import base64
import hmac
import re
import struct
import time

import pytest
from django.test import Client

from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("db")

PASSWORD = "correct horse"
SIGN_IN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books(name="Acme")


def six_digits(secret: str) -> str:
    """What an authenticator app shows now: RFC 6238 with SHA-1 and steps of 30 seconds."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(books: Books) -> tuple[Client, str]:
    """A browser that has given the password, and where it was sent."""
    client = Client(SERVER_NAME="localhost")
    answer = client.post(SIGN_IN, {"login": books.owner.user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client, answer["Location"]


def set_up(client: Client) -> tuple[str, list[str]]:
    """Switches the second factor on; the app's secret and the recovery codes."""
    asked = client.get(SET_UP)["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    client.post(asked, {"password": PASSWORD})
    page = client.get(SET_UP).content.decode()
    [secret] = re.findall(r"<code[^>]*>([A-Z2-7]+)</code>", page)
    assert "data:image/svg+xml" in page
    wrong = client.post(SET_UP, {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    done = client.post(SET_UP, {"code": six_digits(secret)}, follow=True)
    codes = re.findall(r"\b[0-9a-f]{8}\b", done.content.decode())
    assert len(codes) == 10
    return secret, codes


def test_the_app_s_code_is_asked_for_after_the_password(books: Books) -> None:
    client, _ = sign_in(books)
    secret, _ = set_up(client)
    home = f"/o/{books.organization.slug}/"

    client, asked = sign_in(books)
    assert asked.startswith(CODE)
    # The password alone opens nothing.
    assert client.get(home)["Location"].startswith(SIGN_IN)
    wrong = client.post(CODE, {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert client.get(home)["Location"].startswith(SIGN_IN)

    # The code that set it up would be spent: an app shows the next half a minute later.
    answer = client.post(CODE, {"code": six_digits(secret)})
    if "Incorrect code" in answer.content.decode():
        time.sleep(30 - time.time() % 30)
        client.post(CODE, {"code": six_digits(secret)})
    assert client.get(home).status_code == 200


def test_a_recovery_code_stands_in_once_for_a_lost_phone(books: Books) -> None:
    client, _ = sign_in(books)
    _, codes = set_up(client)

    client, _ = sign_in(books)
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    assert client.get(f"/o/{books.organization.slug}/").status_code == 200

    client, _ = sign_in(books)
    assert "Incorrect code" in client.post(CODE, {"code": codes[0]}).content.decode()
    assert client.get(f"/o/{books.organization.slug}/")["Location"].startswith(SIGN_IN)
