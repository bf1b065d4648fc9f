"""The pages of doorplates: a number issued, what waits to be put up, what becomes of a plate."""
