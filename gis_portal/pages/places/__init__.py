"""Pages of heritage places, for everybody."""
