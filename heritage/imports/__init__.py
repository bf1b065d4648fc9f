"""Files of places made into drafts: read, each row held against the places that there are, decided about, applied."""
