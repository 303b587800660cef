"""Webhooks of the sandbox, posted to a real server that says yes, no, or nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pytest_django import Settings

from paidup.payments.gateways.interface import BadSignature, FactKind
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.gateways.sandbox.delivery import deliver_due_events
from paidup.payments.gateways.sandbox.jobs import carry_on
from paidup.payments.gateways.sandbox.models import Event
from tests.gateways.vendor import AT, SANDBOX, charged, kinds

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Receiver(HTTPServer):
    """Keeps what is posted to it and answers with `status`."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_request(self, *_: object) -> None:
        """Stays quiet."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    # What tests with real commits have left undelivered is not for this one.
    Event.objects.update(delivered_at=NOW)
    with Receiver() as server:
        settings.BASE_URL = server.address
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


def test_a_fact_is_posted_once_and_reads_as_it_was_told(receiver: Receiver) -> None:
    key = charged()
    assert deliver_due_events(at=NOW) == 1
    assert deliver_due_events(at=NOW + timedelta(days=1)) == 0
    ((path, headers, body),) = receiver.taken
    assert path == "/intake/sandbox/"
    assert headers["Content-Type"] == "application/json"
    assert list(SANDBOX.read_webhook(body=body, headers=headers)) == SANDBOX.look_up(key)


def test_facts_arrive_in_their_order(receiver: Receiver) -> None:
    key = charged("6789")
    advance(at=AT + timedelta(days=3))
    assert deliver_due_events(at=NOW) == 2
    told = [json.loads(body)["kind"] for _path, _headers, body in receiver.taken]
    assert told == [FactKind.AUTHORIZED, FactKind.SETTLED]
    assert len(SANDBOX.look_up(key)) == 2


def test_a_refused_fact_is_posted_again_later_and_later(receiver: Receiver) -> None:
    charged()
    receiver.status = 503
    moment, waits = NOW, []
    for _attempt in range(10):
        assert deliver_due_events(at=moment) == 0
        assert deliver_due_events(at=moment) == 0
        due = Event.objects.get(delivered_at=None).next_attempt_at
        assert due is not None
        waits.append((due - moment).total_seconds())
        moment = due
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert len(receiver.taken) == 10
    receiver.status = 200
    assert deliver_due_events(at=moment) == 1
    bodies = {body for _path, _headers, body in receiver.taken}
    assert len(bodies) == 1


def test_a_refused_fact_does_not_hold_up_the_next(receiver: Receiver) -> None:
    charged()
    receiver.status = 500
    deliver_due_events(at=NOW)
    charged()
    receiver.status = 200
    assert deliver_due_events(at=NOW) == 1
    assert deliver_due_events(at=NOW + timedelta(seconds=30)) == 1


def test_a_server_that_is_down_gets_it_later(receiver: Receiver, settings: Settings) -> None:
    charged()
    charged()
    settings.BASE_URL = "http://127.0.0.1:1"
    assert deliver_due_events(at=NOW) == 0
    assert sorted(Event.objects.filter(delivered_at=None).values_list("attempts", flat=True)) == [
        0,
        1,
    ]
    settings.BASE_URL = receiver.address
    assert deliver_due_events(at=NOW + timedelta(minutes=1)) == 2


def test_a_redirect_is_no_yes(receiver: Receiver) -> None:
    charged()
    receiver.status = 302
    assert deliver_due_events(at=NOW) == 0


def test_a_webhook_that_was_tampered_with_is_refused(receiver: Receiver) -> None:
    charged()
    deliver_due_events(at=NOW)
    ((_path, headers, body),) = receiver.taken
    with pytest.raises(BadSignature):
        SANDBOX.read_webhook(body=body.replace(b"120.00", b"999.00"), headers=headers)
    with pytest.raises(BadSignature):
        SANDBOX.read_webhook(body=body, headers={})


def test_header_names_may_come_in_any_case(receiver: Receiver) -> None:
    charged()
    deliver_due_events(at=NOW)
    ((_path, headers, body),) = receiver.taken
    shouted = {name.upper(): value for name, value in headers.items()}
    assert len(list(SANDBOX.read_webhook(body=body, headers=shouted))) == 1


def test_the_vendor_carries_on_by_the_set_clock(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = charged("6789")
    monkeypatch.setenv("PAIDUP_NOW", AT.isoformat())
    carry_on()
    assert kinds(SANDBOX.look_up(key)) == [FactKind.AUTHORIZED]
    monkeypatch.setenv("PAIDUP_NOW", (AT + timedelta(days=3)).isoformat())
    carry_on()
    assert kinds(SANDBOX.look_up(key)) == [FactKind.AUTHORIZED, FactKind.SETTLED]
    told = [
        list(SANDBOX.read_webhook(body=body, headers=headers))
        for _path, headers, body in receiver.taken
    ]
    assert [fact for facts in told for fact in facts] == SANDBOX.look_up(key)


def test_the_vendor_rests_where_it_is_not_offered(receiver: Receiver, settings: Settings) -> None:
    charged()
    settings.DEMO = settings.TESTING = False
    carry_on()
    assert receiver.taken == []
