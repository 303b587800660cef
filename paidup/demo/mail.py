"""Mail of the past: it passes its gate like any other, and is taken as delivered then."""

from datetime import datetime, timedelta

from paidup.communications import blocks, files, gates
from paidup.communications.delivery import record
from paidup.communications.delivery.smtp import Accepted
from paidup.communications.gates import Render, Withdraw
from paidup.communications.models import Message
from paidup.communications.operations import withdraw_message
from paidup.communications.states import MessageState

from .books import Books

A_MINUTE = timedelta(minutes=1)


def deliver_queued(books: Books, *, at: datetime) -> None:
    """Takes what was queued up to then as delivered a minute later."""
    moment = min(at + A_MINUTE, books.at)
    for message in Message.objects.of(books.organization).due(moment):
        match gates.ask(message, moment):
            case Render() as last:
                message.subject = last.subject
                message.blocks = blocks.to_json(last.blocks)
                message.attachments = files.to_json(last.attachments)
            case Withdraw(reason):
                withdraw_message(message=message, reason=reason, by=record.DELIVERY, at=moment)
                continue
        message.state, message.sending_at, message.attempts = MessageState.SENDING, moment, 1
        message.save()
        record.outcome(books.organization.id, message.id, Accepted(), at=moment)
