"""QR codes of addresses of this portal: read back by a program that is not ours."""

import re
from urllib.parse import quote

import pytest
import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django import Settings

SCALE = 4


def decoded(svg: str) -> str:
    """What the code says: its lines drawn as the path has them."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])  # type: ignore[index]
    picture = Image.new("L", (size * SCALE, size * SCALE), 255)
    draw = ImageDraw.Draw(picture)
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert path
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path[1]):
        parts = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            draw.rectangle((x * SCALE, (y - 0.5) * SCALE, (x + parts[0]) * SCALE - 1, (y + 0.5) * SCALE - 1), fill=0)
            x += parts[0]
        else:
            x, y = (parts[0], parts[1]) if command == "M" else (x + parts[0], y + parts[1])
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


@pytest.mark.parametrize("path", ["/", "/?lang=en#map=11.00/30.00000/120.50000&layers=counties,care-homes"])
def test_the_code_says_the_public_address(client: Client, settings: Settings, path: str) -> None:
    response = client.get(f"/qr.svg?to={quote(path, safe='')}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "max-age=86400"
    assert not response.cookies
    assert decoded(response.content.decode()) == f"{settings.PUBLIC_URL}{path}"


@pytest.mark.parametrize(
    "to", ["", "https://example.org/", "//example.org/", "/\\example.org", "/a b", "/绍兴", "/\n", "/" + "a" * 600]
)
def test_no_other_address_has_a_code(client: Client, to: str) -> None:
    response = client.get("/qr.svg", {"to": to})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "600" in response.content.decode()
