"""The OpenAPI 3.0 document, built from the registry: exact enough to generate a client from."""

import json
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers import registry
from layers.access import Reader
from layers.publish import metadata
from layers.publish.openapi import (
    batch,
    coverage,
    documents,
    features,
    files,
    paths,
    reaching,
    searching,
    shared,
    siting,
    snapshots,
    tiling,
    writes,
)

VERSION = "1.0.0"  # of the API; raised when something is added or changed that a client notices
KEPT = 16


def document(reader: Reader, base: str, version: str) -> dict[str, Any]:
    """The document in the current language, as the reader may use the API. version: that of all layers."""
    found: dict[str, Any] = json.loads(text(reader, base, version))
    return found


def text(reader: Reader, base: str, version: str) -> bytes:
    """The JSON of the document, kept until a layer changes."""
    return _text(reader, base, version, get_language() or "")


@lru_cache(maxsize=KEPT)
def _text(reader: Reader, base: str, version: str, language: str) -> bytes:  # noqa: ARG001  they end the entry
    return json.dumps(_document(reader, base), ensure_ascii=False).encode()


def _document(reader: Reader, base: str) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": _info(),
        "servers": [{"url": f"{base}/api"}],
        "security": [{}, {"token": []}, {"session": []}],
        "tags": _tags(),
        "paths": _paths(reader),
        "components": {
            "schemas": _schemas(reader),
            "parameters": shared.parameters(),
            "headers": shared.headers(),
            "responses": shared.responses(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _("A token made on the account page.")},
                "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            },
        },
    }


def _info() -> dict[str, Any]:
    about = {
        "title": metadata.portal_name(),
        "version": VERSION,
        "description": _(
            "Place names and civil-affairs facilities as open layers: GeoJSON, vector tiles and coverage."
        ),
        "contact": {"name": metadata.portal_name(), "url": settings.PUBLIC_URL},
    }
    licence = settings.DATA_LICENCE_URL
    return {**about, "license": {"name": licence, "url": licence}} if licence else about


def _tags() -> list[dict[str, str]]:
    """The groups of addresses, those of the layers in the order of the catalogue."""
    groups = dict.fromkeys(str(layer.group) for layer in registry.published())
    own = [_("The API"), _("Collections")], [_("Tiles and styles"), _("Search"), _("Coverage"), _("Siting")]
    others = [tag for app in _of_other_apps() for tag in app.tags()]
    return [{"name": name} for name in (*own[0], *groups, *own[1], *others)]


@cache
def _of_other_apps() -> list[ModuleType]:
    """The ``openapi`` modules of the apps that have addresses of their own, each with its tags, paths and schemas."""
    found = (config for config in apps.get_app_configs() if config.module and config.name != "layers")
    return [import_module(f"{one.name}.openapi") for one in found if module_has_submodule(one.module, "openapi")]


def _paths(reader: Reader) -> dict[str, Any]:
    found = paths.general() | paths.of_any_collection()
    for layer in registry.published():
        found |= paths.of_collection(layer, reader)
        for path, methods in writes.paths(layer).items():
            found[path] = found.get(path, {}) | methods
    for app in _of_other_apps():
        found |= app.paths()
    return (
        found
        | writes.changes()
        | snapshots.paths()
        | files.paths()
        | tiling.paths()
        | searching.paths()
        | batch.paths()
        | coverage.paths()
        | reaching.paths()
        | siting.paths()
    )


def _schemas(reader: Reader) -> dict[str, Any]:
    found = documents.schemas() | tiling.schemas() | coverage.schemas() | files.schemas() | writes.components()
    found |= snapshots.schemas() | searching.schemas() | reaching.schemas() | siting.schemas()
    for app in _of_other_apps():
        found |= app.schemas()
    for layer in registry.published():
        found |= features.schemas(layer, reader) | writes.schemas(layer, reader)
    return found
