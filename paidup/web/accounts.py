"""Staff accounts: who may have one, and what is written to them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """People join an organization by invitation; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth passes it
        """Refuse every sign-up."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject without the host's name before it."""
        return subject
