"""The verbs of communications."""

from .decide import (
    approve_message,
    approve_messages,
    send_again,
    withdraw_message,
    withdraw_messages,
)
from .erase import Doomed, doomed_messages, erase
from .hours import WindowRefused, set_delivery_window
from .merge import merge
from .queue import MessageRefused, NewMessage, queue_message, queue_messages
from .redirect import Redirected, redirect_messages
from .templates import remove_template, save_template

__all__ = [
    "Doomed",
    "MessageRefused",
    "NewMessage",
    "Redirected",
    "WindowRefused",
    "approve_message",
    "approve_messages",
    "doomed_messages",
    "erase",
    "merge",
    "queue_message",
    "queue_messages",
    "redirect_messages",
    "remove_template",
    "save_template",
    "send_again",
    "set_delivery_window",
    "withdraw_message",
    "withdraw_messages",
]
