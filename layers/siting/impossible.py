"""Why there can be no plan, in words: which places, which zones or rules, and what would do."""
