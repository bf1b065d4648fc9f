"""The administration of every register, made from the catalogue and the models: a new layer needs nothing here.
And that of the accounts."""

from layers.admin import changes, plans, reports, snapshots  # noqa: F401  they register what they hold
from layers.admin.accounts import register_accounts
from layers.admin.registers import register_all

register_all()
register_accounts()
