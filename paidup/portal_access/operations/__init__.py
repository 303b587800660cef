"""The verbs of portal access."""

from .enter import accept, choose_password, sign_in, sign_out
from .erase import erase
from .invite import PortalRefused, invite, invite_main_contact
from .merge import merge
from .request import answer_request, request_access
from .switch import disable

__all__ = [
    "PortalRefused",
    "accept",
    "answer_request",
    "choose_password",
    "disable",
    "erase",
    "invite",
    "invite_main_contact",
    "merge",
    "request_access",
    "sign_in",
    "sign_out",
]
