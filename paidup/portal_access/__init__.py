"""Who at the customers may sign in to the portal: invitations, logins, and their sessions."""
