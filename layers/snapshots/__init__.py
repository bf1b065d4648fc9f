"""Ledgers frozen as of a day: taking a snapshot, finding one, reading its rows, comparing two."""
