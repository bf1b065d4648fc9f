"""Pages for those who curate place names."""
