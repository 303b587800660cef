"""What waits follows a change of cadences."""
