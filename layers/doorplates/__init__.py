"""Digital doorplates: what is done with plates beyond keeping them."""
