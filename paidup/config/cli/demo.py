"""The demo organization that `paidup run` shows."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from paidup.lib import clock
from paidup.lib.environment import home, secret


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the demo."""

    email: str
    password: str


def ensure_demo(say: Callable[[str], None]) -> SignIn | None:
    """Builds the demo where it is missing. The password is PAIDUP_DEMO_PASSWORD or a kept one."""
    if find_spec("paidup.demo") is None:
        return None
    from paidup.demo import build

    password = secret("demo_password", home(), size=12)
    email = build.ensure_demo(password=password, at=clock.now(), say=say)
    return SignIn(email=email, password=password)
