"""Posting the administration's forms as a browser would, and reading what came of it."""

from datetime import date
from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse


def url(model: type[models.Model], action: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


def form_data(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from the form at an address, untouched."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in (inline.formset for inline in context["inline_admin_formsets"]):
        forms += [formset.management_form, *formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            data |= _sent(bound.html_name, bound.field.widget, bound.value())
    return data


def _sent(name: str, widget: Any, value: Any) -> dict[str, Any]:
    if hasattr(widget, "widgets_names"):
        values = value if isinstance(value, list) else widget.decompress(value)
        return {
            f"{name}{part}": "" if one is None else one for part, one in zip(widget.widgets_names, values, strict=True)
        }
    if isinstance(value, bool):
        return (
            {name: "on"}
            if value and widget.input_type == "checkbox"
            else {name: str(value)}
            if widget.input_type == "select"
            else {}
        )
    if isinstance(value, list):
        return {name: value}
    formatted = widget.format_value(value)
    return {name: "" if formatted is None else formatted[0] if isinstance(formatted, list) else formatted}


def errors_of(response: Any) -> dict[str, list[str]]:
    """The errors of a form that was refused, and of its inlines."""
    assert response.status_code == 200, "saved, or no page"
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        for errors in inline.formset.errors:
            found |= errors
    return {name: [str(message) for message in messages] for name, messages in found.items()}


def post(client: Client, model: type[models.Model], row: models.Model | None, **changes: Any) -> Any:
    address = url(model, "change", row.pk) if row is not None else url(model, "add")
    return client.post(address, form_data(client, address) | changes)


def periods(home: Any) -> list[tuple[str, date, date | None]]:
    return list(home.states.order_by("valid_from").values_list("status", "valid_from", "valid_to"))
