"""Organizations: the tenant, its legal entities, its people, and where a request belongs."""
