"""The verbs of communications."""

from .queue import MessageRefused, NewMessage, queue_message, queue_messages

__all__ = ["MessageRefused", "NewMessage", "queue_message", "queue_messages"]
