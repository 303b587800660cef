"""The sandbox vendor posting its news, by HTTP without a server."""

import json
import time
from typing import Any

from django.test import Client

from paidup.payments.gateways.sandbox.signatures import HEADER, sign

URL = "/intake/sandbox/"


def deliver(payload: object, *, body: bytes | None = None, signature: str | None = None) -> Any:
    """Posts a signed body, as the vendor does; `signature` in place of the right one."""
    body = json.dumps(payload).encode() if body is None else body
    signed = sign(body, now=time.time()) if signature is None else signature
    client = Client(
        enforce_csrf_checks=True,
        raise_request_exception=False,
        headers={"host": "localhost:8000", HEADER: signed},
    )
    return client.post(URL, body, content_type="application/json")
