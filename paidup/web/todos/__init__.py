"""The to-do queue, and the mails that wait for a yes."""
