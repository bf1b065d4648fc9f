"""The administration of every register, made from the catalogue and the models: a new layer needs nothing here."""

from layers.admin import changes  # noqa: F401  registers the change log
from layers.admin.registers import register_all

register_all()
