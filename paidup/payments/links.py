"""The token of a link that opens without signing in. A pay link and a payment method link are
signed apart: neither is ever taken for the other."""

from uuid import UUID

from django.conf import settings

from paidup.lib import signed_ids
from paidup.organizations.models import Organization

from .models import MethodLink, PayLink

Link = PayLink | MethodLink

_SALTS: dict[type[Link], str] = {PayLink: "paidup.pay_link", MethodLink: "paidup.method_link"}
_PATHS: dict[type[Link], str] = {PayLink: "pay", MethodLink: "method"}


def token(link: Link) -> str:
    """The unguessable part of the link's address."""
    return signed_ids.token(link.id, salt=_SALTS[type(link)])


def link_id(token: str, kind: type[Link]) -> UUID | None:
    """The link of this kind that a token stands for; None unless we signed it."""
    return signed_ids.read(token, salt=_SALTS[kind])


def url(link: Link, organization: Organization) -> str:
    """The whole address, at the organization's own host."""
    scheme, _, host = settings.BASE_URL.partition("://")
    return f"{scheme}://{organization.slug}.{host}/{_PATHS[type(link)]}/{token(link)}/"
