"""Signed-in people for the tests of staff pages: one owns, one may only look, one is a stranger."""

from django.test import Client
from django.utils.crypto import get_random_string

from paidup.lib.tenancy import tenant
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.states import Role
from tests.support.books import Books


def signed_in(books: Books) -> Client:
    """The owner's browser."""
    with tenant(books.id):
        user = books.owner.user
    return client_of(user)


def onlooker(books: Books) -> Client:
    """The browser of a member who may look and change nothing."""
    return member(books, Role.VIEWER)


def member(books: Books, role: Role) -> Client:
    """The browser of another member with this role."""
    user = User.objects.create_user(
        f"{get_random_string(12).lower()}@example.test",
        name=f"Vic {role.label}",
        joined_at=books.at,
    )
    with tenant(books.id):
        add_member(organization=books.organization, user=user, role=role)
    return client_of(user)


def client_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
