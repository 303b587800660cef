"""Late fees: by the organization's rules, what being late costs, once for each period."""
