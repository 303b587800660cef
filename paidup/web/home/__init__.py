"""Where one begins: the organization at a glance, and which organization."""
