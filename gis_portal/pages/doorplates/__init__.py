"""Pages of doorplates."""
