"""The demo organization that `paidup run` shows."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from paidup.lib import clock
from paidup.lib.environment import home, secret

SLUG = "demo"
CUSTOMERS = int(os.environ.get("PAIDUP_DEMO_CUSTOMERS", "200"))


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the demo."""

    email: str
    password: str


def ensure_demo(say: Callable[[str], None]) -> SignIn | None:
    """Builds the demo where it is missing. The password is PAIDUP_DEMO_PASSWORD or a kept one."""
    if find_spec("paidup.demo") is None:
        return None
    from paidup.demo.books import OWNER
    from paidup.demo.build import build
    from paidup.organizations.queries import organization_by_slug

    password = secret("demo_password", home(), size=12)
    if organization_by_slug(SLUG) is None:
        build(slug=SLUG, customers=CUSTOMERS, password=password, at=clock.now(), say=say)
    return SignIn(email=OWNER, password=password)
