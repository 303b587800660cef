"""What customers see: pay links, and later the portal."""
