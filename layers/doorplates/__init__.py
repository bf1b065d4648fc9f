"""Doorplates: how a street is numbered, the next number, what becomes of a plate, which plate belongs to which."""
