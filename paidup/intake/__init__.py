"""What machines bring: webhooks of gateways."""
