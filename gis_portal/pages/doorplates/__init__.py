"""The pages of the doorplates."""
