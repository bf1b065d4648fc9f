"""Where the pages of the API link to. Links between pages are paths, so that they lead to the host that was asked;
what search engines are told is made of PUBLIC_URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}  # as HTML names them, by Django's name


@dataclass(frozen=True)
class Addresses:
    """path: of the page, percent-encoded. params: its parameters without format and language.

    asked: the language given in the address; a page chosen in a language links to pages in it.
    """

    path: str
    params: Mapping[str, str]
    language: str
    asked: str = ""

    def page(self, path: str, params: Mapping[str, str] | None = None) -> str:
        """The page of another document."""
        return _with(path, {**(params or {}), **self.kept})

    def here(self, **changed: str | None) -> str:
        """This page with other parameters; None leaves one out."""
        return self.page(self.path, self._changed(changed))

    def followed(self, href: str) -> str:
        """The page of a document's own link."""
        parts = urlsplit(href)
        return self.page(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))

    def document(self, *without: str) -> str:
        """The document behind this page, as a path; leaving some parameters out."""
        params = self._changed(dict.fromkeys(without))
        return _with(self.path, {**params, **self._language(), "f": "json"})

    def other_language(self, language: str) -> str:
        return _with(self.path, {**self.params, "f": "html", "lang": language})

    def canonical(self, language: str) -> str:
        """The public address of this page in a language."""
        return f"{settings.PUBLIC_URL}{self.other_language(language)}"

    @property
    def kept(self) -> dict[str, str]:
        """What every link to a page carries."""
        return {"f": "html", **self._language()}

    def _language(self) -> dict[str, str]:
        return {"lang": self.asked} if self.asked else {}

    def _changed(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        merged: dict[str, str | None] = {**self.params, **changed}
        return {name: value for name, value in merged.items() if value is not None}


def _with(path: str, params: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(params)}" if params else path
