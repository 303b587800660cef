"""What autopay does when a charge ends."""

from paidup.history.operations import react

from .jobs import note_outcome

for ending in ("settled", "failed", "cancelled", "returned", "charged_back"):
    react(f"charge.{ending}", note_outcome)
