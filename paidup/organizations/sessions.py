"""The devices where people are signed in, and ending that.

What is told of one stands in its session: when the person signed in there, when they were last
seen, and what the browser calls itself. No address is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac

from paidup.history import operations as history
from paidup.history.actors import Actor

from .models import Member, Session, SessionStore, User

# How exactly it is known when somebody was last seen: each time costs a write.
SEEN_EVERY = timedelta(minutes=10)
AGENT_LENGTH = 300
_SIGNED_IN_AT, _SEEN_AT, _AGENT = "signed_in_at", "seen_at", "agent"


@dataclass(frozen=True)
class Device:
    """A browser where a person is signed in."""

    handle: str  # names it on a page; the session's key would let whoever reads it in
    agent: str  # what the browser calls itself
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


def note_sign_in(session: SessionBase, *, agent: str, at: datetime) -> None:
    """Notes where and when somebody just signed in, and clears away all sessions that are over."""
    SessionStore.clear_expired()
    session[_SIGNED_IN_AT] = session[_SEEN_AT] = at.isoformat()
    session[_AGENT] = agent[:AGENT_LENGTH]


def note_seen(session: SessionBase, *, at: datetime) -> None:
    """Notes that the person is there; now and then, as each time costs a write."""
    if at - datetime.fromisoformat(session[_SEEN_AT]) >= SEEN_EVERY:
        session[_SEEN_AT] = at.isoformat()


def devices_of(user: User, *, this: str | None) -> list[Device]:
    """Where the person is signed in: `this` session's device first, then the last seen."""
    found = [
        Device(
            handle=_handle(session),
            agent=data[_AGENT],
            signed_in_at=datetime.fromisoformat(data[_SIGNED_IN_AT]),
            seen_at=datetime.fromisoformat(data[_SEEN_AT]),
            is_this=session.session_key == this,
        )
        for session, data in _living(user)
    ]
    return sorted(found, key=lambda device: (device.is_this, device.seen_at), reverse=True)


def sign_out_device(user: User, *, handle: str) -> None:
    """Ends the session of one of the person's own devices; one that is over already stays so."""
    for session, _data in _living(user):
        if constant_time_compare(_handle(session), handle):
            session.delete()


def sign_out_others(user: User, *, this: str | None) -> None:
    """Ends all of the person's sessions but this one."""
    Session.objects.filter(user=user).exclude(session_key=this).delete()


@transaction.atomic
def sign_out_member(*, member: Member, by: Actor, at: datetime) -> None:
    """Ends all sessions of a member, whichever organization they work for there."""
    Session.objects.filter(user_id=member.user_id).delete()
    history.record("member.signed_out", by=by, at=at, subject_id=member.id)


class _Data(Protocol):
    def __getitem__(self, name: str, /) -> str: ...


def _living(user: User) -> Iterator[tuple[Session, _Data]]:
    """Those that still count: a changed password ended the ones from before it."""
    own = user.get_session_auth_hash()
    for session in Session.objects.filter(user=user, expire_date__gt=Now()):
        data = session.get_decoded()
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), own):
            yield session, data


def _handle(session: Session) -> str:
    return salted_hmac(__name__, session.session_key, algorithm="sha256").hexdigest()
