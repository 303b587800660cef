"""Behind a proxy a visitor is told apart by the address the proxy names, and by no other word."""

import time
from collections.abc import Iterator

import httpx
import pytest
from django.core.cache import cache

from paidup.portal.limits import VIEWS_OF_ADDRESS
from tests.support import processes
from tests.support.processes import Site

pytestmark = pytest.mark.usefixtures("committed")

BUSY, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture(scope="module")
def behind_a_proxy() -> Iterator[Site]:
    with processes.web(PAIDUP_PROXIES="192.0.2.1, 127.0.0.0/8") as site:
        yield site


@pytest.fixture(autouse=True)
def _busy_address(committed: None) -> None:
    """One address has looked at pages often enough, in this minute and the next."""
    window = int(time.time() // VIEWS_OF_ADDRESS.seconds)
    for each in (window, window + 1):
        cache.set(VIEWS_OF_ADDRESS.key(BUSY, each), VIEWS_OF_ADDRESS.times, timeout=300)


def answer(site: Site, forwarded_for: str) -> int:
    """The status of a page of the portal's, asked for through a proxy on this machine."""
    return httpx.get(
        f"http://127.0.0.1:{site.port}/pay/guess/",
        headers={"host": "acme.localhost", "x-forwarded-for": forwarded_for},
    ).status_code


def test_each_visitor_has_a_limit_of_their_own(behind_a_proxy: Site) -> None:
    assert answer(behind_a_proxy, BUSY) == 429
    assert answer(behind_a_proxy, OTHER) == 404


def test_what_a_visitor_claims_is_not_believed(behind_a_proxy: Site) -> None:
    assert answer(behind_a_proxy, f"{OTHER}, {BUSY}") == 429


def test_nobody_is_taken_for_a_proxy_unless_told(site: Site) -> None:
    assert answer(site, BUSY) == 404
