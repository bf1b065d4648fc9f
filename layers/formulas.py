"""Texts that a spreadsheet program would compute: in a table they are kept texts."""

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def kept_text(value: object) -> object:
    """The value, with an apostrophe before a text that would be taken for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(BEGINNINGS) else value
