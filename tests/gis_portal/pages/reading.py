"""Reading a page in a test: as a tree, and for what no page may have."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import etree, html  # type: ignore[import-untyped]

BASE = "http://127.0.0.1:8000"
SITES = "/api/collections/eco-burial-sites"
COUNTY = "/api/collections/counties/items/330602"
DOCUMENTS = [
    "/api/",
    "/api/conformance",
    "/api/collections",
    SITES,
    f"{SITES}/schema",
    f"{SITES}/items",
    COUNTY,
]
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"  # what browsers send
# HTML5 elements that libxml2, which knows HTML4, calls unknown.
NEWER = {"main", "nav", "header", "footer", "section", "details", "summary", "svg", "path"}


@dataclass(frozen=True)
class Read:
    """tree: of the page's elements. text: the page as it was sent."""

    response: HttpResponse
    text: str
    tree: Any

    def said(self, path: str) -> list[str]:
        """The words of the elements, spaces joined."""
        return [" ".join(element.text_content().split()) for element in self.tree.xpath(path)]

    def one(self, path: str) -> str:
        (found,) = self.tree.xpath(path)
        return str(found)

    @property
    def links(self) -> list[str]:
        return [str(link) for link in self.tree.xpath("//a/@href")]

    @property
    def facts(self) -> dict[str, str]:
        return dict(zip(self.said("//dl[@class='facts']/dt"), self.said("//dl[@class='facts']/dd"), strict=True))


def page(client: Client, url: str, status: int = 200, **headers: str) -> Read:
    """The page at an address: well formed, in one language, with nothing inline and nothing of another host."""
    response = client.get(url, headers={"accept": ACCEPT, **headers})
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    read = parsed(response)
    check(read)
    return read


def parsed(response: HttpResponse) -> Read:
    text = response.content.decode()
    parser = html.HTMLParser(encoding="utf-8")
    tree = html.document_fromstring(response.content, parser=parser)
    wrong = [error.message for error in parser.error_log if not is_about_newer(error)]
    assert wrong == []
    return Read(response, text, tree)


def is_about_newer(error: etree._LogEntry) -> bool:
    return error.type_name == "HTML_UNKNOWN_TAG" and error.message.split()[1] in NEWER


def check(read: Read) -> None:
    tree, text = read.tree, read.text
    assert text.startswith("<!doctype html>")
    assert len(tree.xpath("//h1")) == len(tree.xpath("//title")) == len(tree.xpath("//main")) == 1
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(tree.xpath("//label/@for")) == set(
        tree.xpath("//select/@id | //textarea/@id | //input[@type!='hidden' or not(@type)]/@id")
    )
    scripts = tree.xpath("//script[not(@src)]/@type")
    assert set(scripts) <= {"application/json", "application/ld+json"}
    assert not tree.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
    loaded = tree.xpath("//@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert all(address.startswith("/") for address in loaded)
    assert all(not link.lower().startswith(("javascript:", "data:", "//")) for link in read.links)
