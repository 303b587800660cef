"""Where people are signed in: Django's sessions in the database, each with whose it is."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from .tenants import User


class Session(AbstractBaseSession):
    """What a browser's cookie stands for. It has an owner from the moment somebody signs in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Django's question: who can read it."""
        return SessionStore


class SessionStore(DatabaseStore):
    """Keeps sessions in our table. Django finds it by its name in the module SESSION_ENGINE."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's question: where they are kept."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for this content."""
        session = cast("Session", super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        return session
