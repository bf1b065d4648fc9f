"""Files that come in: what is read, what is wrong with it, and what it would change."""
