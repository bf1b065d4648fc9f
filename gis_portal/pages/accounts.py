"""Signing in, and the page of an account: what it may do, its tokens."""

from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_portal.addresses import client_address, is_loopback, network
from gis_portal.throttling import Throttle
from layers.access import may_open_administration, reader_of
from layers.accounts import tokens
from layers.divisions import names_of
from layers.models.accounts import ApiToken, Scope

# Each attempt is a password to be hashed: far dearer than a tile.
ATTEMPTS = Throttle(30 if settings.THROTTLE_PER_MINUTE else 0)


class SignIn(LoginView):
    template_name = "portal/account/sign-in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        client = client_address(request.META)
        wait_s = 0 if is_loopback(client) else ATTEMPTS.wait_s(network(client) or "")
        if wait_s:
            return _wait(request, wait_s, _("Too many attempts to sign in from your network. Try again in a minute."))
        return super().post(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class ChangePassword(PasswordChangeView):
    template_name = "portal/account/password.html"
    success_url = reverse_lazy("account")


def locked_out(request: HttpRequest, _refused: HttpResponse | None, _credentials: object) -> HttpResponse:
    """What is said to who gave a wrong password too often; the same whether there is such an account or not."""
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    reason = _(
        "Too many wrong passwords for this name. Try again after %(minutes)d minutes, or ask an administrator to end "
        "the lock."
    )
    return _wait(request, wait_s, reason % {"minutes": wait_s // 60})


def _wait(request: HttpRequest, wait_s: int, reason: str) -> HttpResponse:
    response = render(request, "portal/account/locked.html", {"reason": reason}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(wait_s)
    response.headers["Cache-Control"] = "no-store"
    return response


class TokenForm(forms.ModelForm):
    lifetime_days = forms.TypedChoiceField(label=gettext_lazy("Lifetime"), coerce=int)

    class Meta:
        model = ApiToken
        fields = ("name", "scope")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        lifetime = cast(forms.TypedChoiceField, self.fields["lifetime_days"])
        lifetime.choices = [(days, _("%(days)d days") % {"days": days}) for days in tokens.LIFETIMES_DAYS]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if ApiToken.objects.filter(user=self.user, name=name).exists():
            raise forms.ValidationError(_("You have a token “%(name)s”: choose another name.") % {"name": name})
        return name

    def make(self) -> str:
        """The new token, which is stored nowhere."""
        data = self.cleaned_data
        scope = Scope(data["scope"])
        return tokens.make(self.user, name=data["name"], scope=scope, lifetime_days=data["lifetime_days"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The account; a POST makes a token and shows it, in this answer only."""
    user = cast(User, request.user)
    form, made = TokenForm(user, request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        made, form = form.make(), TokenForm(user)
    reader = reader_of(user)
    context = {
        "roles": [role.label for role in sorted(reader.roles)],
        "counties": names_of(reader.counties),
        "may_administer": may_open_administration(reader),
        "tokens": ApiToken.objects.filter(user=user),
        "form": form,
        "made": made,
    }
    return render(request, "portal/account/account.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Ends the account's token of the name at once."""
    ApiToken.objects.filter(user=cast(User, request.user), name=request.POST.get("name", "")).delete()
    return redirect("account")
