"""The pictures of docs/screens: every face of the public map at three widths, in both languages.

They are taken, and the pages looked through by axe-core, with UPDATE_SCREENSHOTS=1; the stories hold each face for itself.
"""

import os

import pytest

from tests.browser.portal import ROOT, Visit, fits

pytestmark = [
    pytest.mark.django_db(databases=["default", "reader"]),
    pytest.mark.skipif(
        os.environ.get("UPDATE_SCREENSHOTS") != "1", reason="pictures are taken with UPDATE_SCREENSHOTS=1"
    ),
]

SCREENS = ROOT / "docs/screens"
WIDTHS = {360: 740, 768: 1024, 1366: 768}
TOWN = "map=12.5/30/120.58"
FACES = {
    "map": "/",
    "town": f"/#{TOWN}",
    "dark": f"/#{TOWN}&look=dark",
    "elder": "/#elder=1",
    "list": "/#view=list",
    "targets": "/#target=eco-burial-township-provision/township&panel=coverage",
    "time": f"/#{TOWN}&year=1700&panel=time",
    "measure": f"/#{TOWN}&panel=measure&area=120.56,29.99;120.6,29.99;120.58,30.01",
    "print": f"/#{TOWN}&panel=print",
    "share": f"/#{TOWN}&panel=share",
    "display": "/#panel=display",
    "simple": f"/simple#{TOWN}",
    "embed": f"/embed#{TOWN}",
    "plain-list": "/list/home-care-centres/?county=330602",
    "story": "/places/ta-shan",
    "story-elder": "/places/ta-shan#elder=1",
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_screen(visit: Visit, face: str, width: int, locale: str) -> None:
    visitor = visit(size=(width, WIDTHS[width]), locale=locale)
    page = visitor.page
    if face.startswith(("plain-list", "story")):
        page.goto(visitor.address + FACES[face], wait_until="networkidle")
    else:
        visitor.open(FACES[face])
        if face != "simple":
            visitor.page.wait_for_load_state("networkidle")
    fits(visitor)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{face}-{locale[:2]}-{width}.jpg", type="jpeg", quality=70)
