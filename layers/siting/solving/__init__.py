"""Location problems and their solution. Pure: arrays in, plans out; it knows no database and no web."""
