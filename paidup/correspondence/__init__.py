"""Mails that staff write to customers: composed, sent with a while to undo them, judged again."""
