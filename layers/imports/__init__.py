"""Files of features brought into the registers."""
