"""Names as they are sought and as they are spelled: folding, readings, romanisation. Pure."""
