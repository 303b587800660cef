"""To-dos, and messages that wait for approval."""
