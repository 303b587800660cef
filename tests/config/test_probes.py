"""`/healthz` and `/readyz`."""

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from paidup.config import probes


def test_alive_needs_no_database(client: Client) -> None:
    response = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert (response.status_code, response.json()) == (200, {"alive": True})


@pytest.mark.django_db
def test_ready_with_every_migration_applied(client: Client) -> None:
    response = client.get("/readyz", HTTP_HOST="10.0.0.7:8000")
    assert (response.status_code, response.json()) == (200, {"ready": True, "problem": None})


@pytest.mark.django_db
def test_not_ready_with_a_migration_missing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "_ours", lambda: frozenset({("ledger", "9999_not_applied")}))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "paidup migrate" in response.json()["problem"]


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", unreachable)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["problem"] == "The database doesn't answer."
