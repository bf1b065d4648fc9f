"""What a new password ends: whoever knew the old one may have made tokens with it."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from layers.models.accounts import ApiToken


class TokensEnd:
    """Stands among the validators of passwords, for these Django tells of every change, wherever it is made."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Any password will do."""

    def password_changed(self, _password: str, user: User) -> None:
        ApiToken.objects.filter(user=user).delete()

    def get_help_text(self) -> str:
        return _("Changing the password revokes all API tokens of the account.")
