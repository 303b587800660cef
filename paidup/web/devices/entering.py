"""What is noted when somebody signs in."""

from typing import Any

from django.http import HttpRequest

from paidup.lib import clock
from paidup.organizations.sessions import note_sign_in


def on_sign_in(request: HttpRequest, **_told: Any) -> None:
    """Hears Django say that somebody signed in with this request."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    note_sign_in(request.session, agent=agent, at=clock.now())
