"""The layers of the catalogue as the administration's index shows them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Q
from django.template.context import Context
from django.urls import reverse

from layers import registry
from layers.access import (
    Reader,
    may_inspect,
    may_keep,
    may_read_audits,
    may_see_findings,
    may_site,
    may_write,
    reader_of,
    register_rows,
)
from layers.imports import allowed
from layers.publish import symbols
from layers.publish.metadata import portal_name
from layers.registry import Layer

register = template.Library()
register.simple_tag(portal_name)


@register.filter
def may_import(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether there is a layer that the account may bring rows into."""
    return bool(allowed.layers_of(reader_of(user)))


@register.filter
def may_plan(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the dashboard of targets is for the account."""
    return may_read_audits(reader_of(user))


@register.filter(name="may_site")
def may_site_of(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether questions of siting are for the account."""
    return may_site(reader_of(user))


@register.filter
def may_see_doorplate_checks(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the worklist of doorplates is for the account."""
    return may_see_findings(reader_of(user))


@register.filter
def may_issue(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the account issues numbers of doors."""
    return may_write(registry.get("doorplates"), reader_of(user))


@dataclass(frozen=True)
class Row:
    """A layer with what a clerk does with it."""

    layer: Layer
    count: int
    legend: str
    list_url: str
    add_url: str


@register.inclusion_tag("admin/layer_table.html", takes_context=True)
def layer_table(context: Context) -> dict[str, Any]:
    """One row for each catalogue entry whose register the user may look at."""
    reader = reader_of(context["user"])
    layers = [layer for layer in registry.catalogue().values() if may_inspect(layer.model, reader)]
    counts = _counts(layers, reader)
    groups: dict[str, list[Row]] = {}
    for layer in layers:
        groups.setdefault(str(layer.group), []).append(_row(layer, counts[layer.id], reader))
    return {"groups": groups}


def _row(layer: Layer, count: int, reader: Reader) -> Row:
    opts = layer.model._meta
    name = f"admin:{opts.app_label}_{opts.model_name}"
    chosen = urlencode({f"{column}__exact": value for column, value in layer.only.items()})
    set_so = urlencode(dict(layer.only))
    return Row(
        layer=layer,
        count=count,
        legend=symbols.legend(layer) if layer.geometry else "",
        list_url=f"{reverse(f'{name}_changelist')}{'?' if chosen else ''}{chosen}",
        add_url=f"{reverse(f'{name}_add')}{'?' if set_so else ''}{set_so}" if may_keep(layer.model, reader) else "",
    )


def _counts(layers: list[Layer], reader: Reader) -> dict[str, int]:
    """Rows of each layer that the reader finds in its list; one query a register."""
    counted: dict[str, int] = {}
    for model in dict.fromkeys(layer.model for layer in layers):
        parts = {layer.id: Count("pk", filter=Q(**layer.only)) for layer in layers if layer.model is model}
        counted |= model._default_manager.filter(register_rows(model, reader)).aggregate(**parts)
    return counted
