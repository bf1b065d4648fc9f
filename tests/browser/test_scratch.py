import pytest
from tests.browser.portal import PHONE, OFFICE, Visit, PATIENCE_MS
pytestmark = pytest.mark.django_db(databases=["default", "reader"])
PATHS = {"landing":"/api/","collections":"/api/collections","collection":"/api/collections/eco-burial-sites","items":"/api/collections/eco-burial-sites/items?limit=20","counties":"/api/collections/counties/items","item":"/api/collections/eco-burial-sites/items/{code}","county":"/api/collections/counties/items/330602","schema":"/api/collections/home-care-centres/schema","error":"/api/collections/counties/items?limit=abc","none":"/api/collections/heritage-places/items?q=zzzz", "heritage":"/api/collections/heritage-places/items?q=%E5%B1%B1&datetime="}
@pytest.mark.parametrize("size,locale", [(OFFICE,"zh-CN"),(PHONE,"zh-CN"),(OFFICE,"en-GB"),(PHONE,"en-GB")])
def test_look(visit, size, locale):
    v = visit(size=size, locale=locale)
    page = v.page
    import json, urllib.request
    for name, path in PATHS.items():
        if "{code}" in path:
            code = json.load(urllib.request.urlopen(v.address + "/api/collections/eco-burial-sites/items?limit=1"))["features"][0]["id"]
            path = path.format(code=code)
        page.goto(v.address + path)
        if page.locator("#small-map").count():
            page.wait_for_selector("#small-map[data-map]", state="attached")
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.screenshot(path=f"/tmp/html_out/{name}-{size[0]}-{locale[:2]}.png", full_page=True)
        print(name, size[0], locale, "width", wide, v.violations(), flush=True)
    print(v.complaints); v.complaints.clear()
