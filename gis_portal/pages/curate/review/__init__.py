"""Pages on which changes of place names are read, remarked on and decided; a place's history; two places made one."""
