"""Parts of a book as one PDF: links lead from one part to another, and a viewer shows the numbers that are printed."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from pypdf import PageObject, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NullObject, TextStringObject

from heritage.atlas.typesetting import Part

LINK = "atlas:"  # begins the address of a link that leads to an anchor of another part, or of the same


def bound(front: Part, body: Sequence[Part], *, title: str, language: str) -> bytes:
    """The PDF of the front, numbered i, ii, …, and of the body, numbered from 1."""
    writer = PdfWriter()
    places: dict[str, tuple[int, float]] = {}
    begin = 0
    for part in (front, *body):
        writer.append(part.path)
        places |= {anchor: (begin + at, height) for anchor, (at, height) in part.anchors.items()}
        begin += part.pages
    _join(list(writer.pages), places)
    writer.set_page_label(0, front.pages - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(front.pages, begin - 1, style=PageLabelStyle.DECIMAL, start=1)
    writer.add_metadata({"/Title": title})
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _join(pages: Sequence[PageObject], places: Mapping[str, tuple[int, float]]) -> None:
    """Makes links to anchors links to where they stand."""
    for link, anchor in _links(pages):
        page, height = places[anchor]
        top = (NullObject(), FloatObject(round(height, 1)), NullObject())
        del link["/A"]
        link[NameObject("/Dest")] = ArrayObject([pages[page].indirect_reference, NameObject("/XYZ"), *top])


def _links(pages: Iterable[PageObject]) -> Iterable[tuple[DictionaryObject, str]]:
    for page in pages:
        for annotation in page.annotations or ():
            link = annotation.get_object()
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(LINK):
                yield link, address.removeprefix(LINK)
