"""`paidup demo`: who signs in, and with which password."""

import json
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from tests.support.processes import paidup

pytestmark = pytest.mark.usefixtures("committed")


def demo(slug: str, **environment: str) -> dict[str, str | None]:
    made = paidup("demo", "--slug", slug, "--customers", "1", "--json", **environment)
    assert made.returncode == 0, made.stderr
    answer: dict[str, str | None] = json.loads(made.stdout)
    return answer


def test_the_password_is_shown_once_kept_and_changed_when_given() -> None:
    for known in get_user_model().objects.filter(email__endswith="@demo.example"):
        known.email = f"{known.id}@before.example"
        known.save()
    slug = f"demo-{uuid4().hex[:8]}"
    owner = get_user_model().objects.filter(email="owner@demo.example")

    shown = demo(slug)["password"]
    assert shown
    assert owner.get().check_password(shown)

    assert demo(slug)["password"] is None
    assert owner.get().check_password(shown)

    assert demo(slug, PAIDUP_DEMO_PASSWORD="another horse battery")["password"]
    assert owner.get().check_password("another horse battery")
