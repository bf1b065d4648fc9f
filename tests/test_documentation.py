"""What is promised is written down, and what is written down exists: commands, settings, addresses, data files."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

ROOT = Path(__file__).parents[1]
OURS = ("layers", "heritage", "gis_portal")
# Read by the entrances of the portal rather than by its settings.
READ_BY = ("script", "deploy", "Dockerfile", "docker-compose.yml")


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def spans(text: str) -> list[str]:
    """What stands as code in a Markdown text."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


def undocumented(names: Iterable[str], text: str) -> list[str]:
    """The names that no code span of the text says as a whole word."""
    said = spans(text)
    return [name for name in names if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", one) for one in said)]


# Commands


def commands() -> list[str]:
    found = (path for app in OURS for path in (ROOT / app).glob("management/commands/*.py"))
    return sorted(path.stem for path in found if not path.stem.startswith("_"))


def test_every_command_is_in_the_readme() -> None:
    assert {"load_reference", "audit_coverage"} <= set(commands())
    assert undocumented(commands(), read("README.md")) == []


def test_every_command_of_the_readme_exists() -> None:
    table = re.search(r"\| `script/manage …` \|.*?\n\n", read("README.md"), re.DOTALL)
    assert table is not None
    named = re.findall(r"^\| `(\w+)[^`…]*` \|", table.group(), re.MULTILINE)
    assert set(named) == set(commands())


# Settings


def settings_read() -> set[str]:
    """The environment variables that settings.py reads."""
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', read("gis_portal/settings.py")))


def settings_explained() -> dict[str, str]:
    """Each variable of .env.example, commented out or not, with the comment above it."""
    explained: dict[str, str] = {}
    comment = ""
    for line in read(".env.example").splitlines():
        variable = re.match(r"#?([A-Z][A-Z_]+)=", line)
        if variable:
            explained[variable.group(1)] = comment
        elif line.startswith("# "):
            comment = line
        elif not line.strip():
            comment = ""
    return explained


def test_every_setting_is_explained() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "MAP_APPROVAL_NO"} <= settings_read()
    assert settings_read() - set(settings_explained()) == set()
    assert [name for name, comment in settings_explained().items() if not comment] == []


def test_every_explained_setting_is_read_by_something() -> None:
    files = [
        path for name in READ_BY for path in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*"))
    ]
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    elsewhere = {name for name in settings_explained() if any(re.search(rf"\b{name}\b", text) for text in texts)}
    assert set(settings_explained()) - settings_read() - elsewhere == set()


def test_no_secret_has_a_default() -> None:
    assert re.search(r'env\.str\("SECRET_KEY"\)', read("gis_portal/settings.py"))
    assert re.search(r"^SECRET_KEY=$", read(".env.example"), re.MULTILINE)


# Addresses


def routes(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    return [f"/{pattern.pattern}" for pattern in patterns]


def group(route: str) -> str:
    """What a reader looks for: the first two parts of an address under /api/, the first of any other."""
    parts = route.strip("/").split("/")
    kept = parts[:2] if parts[0] == "api" else parts[:1]
    return "/" + "/".join(part for part in kept if "<" not in part)


def test_every_group_of_addresses_is_in_the_readme() -> None:
    groups = {group(route) for route in routes(get_resolver().url_patterns)}
    assert {"/", "/admin", "/api/collections", "/api/search"} <= groups
    said = spans(read("README.md"))
    assert {name for name in groups if not any(one.startswith(name) for one in said)} == set()


def addresses_of_readme() -> list[str]:
    """The addresses of the README with the placeholders filled in."""
    fills = {"z": "0", "x": "0", "y": "0", "row": "0", "col": "0", "{id}/": "counties/"}
    found = []
    for one in spans(read("README.md")):
        address = one.replace("…/WebMercatorQuad", "/api/collections/counties/tiles/WebMercatorQuad")
        address = re.sub(r"^…", "/api/collections", address).partition("?")[0]
        address = re.sub(r"\{(\w+)\}", lambda part: fills.get(part.group(1), "counties"), address)
        if re.match(r"/(api|healthz|readyz|admin)\b", address):
            found.append(address)
    return found


def test_every_address_of_the_readme_exists() -> None:
    found = addresses_of_readme()
    assert len(found) > 10
    for address in found:
        resolve(address)


# Data


def data_files() -> list[str]:
    """The files of fixtures/ that hold data."""
    folder = ROOT / "fixtures"
    kinds = {".csv", ".geojson", ".yaml", ".json", ".gpkg", ".xlsx"}
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in kinds)


def is_named(file: str, said: list[str]) -> bool:
    """A file is named by its path, in whole or from a folder down, or by a folder that holds it."""
    parts = file.split("/")
    ways = {"/".join(parts[start:]) for start in range(len(parts))}
    ways |= {"/".join(parts[start:end]) + "/" for start in range(len(parts)) for end in range(start + 1, len(parts))}
    return any(one in ways or one.removeprefix("fixtures/") in ways for one in said)


def test_every_data_file_is_in_the_readme_of_the_fixtures() -> None:
    said = [one for one in spans(read("fixtures/README.md")) if one != "fixtures/shaoxing/"]
    assert [file for file in data_files() if not is_named(file, said)] == []


def test_every_data_file_of_that_readme_exists() -> None:
    found = [one for one in spans(read("fixtures/README.md")) if re.fullmatch(r"[\w/-]+\.(csv|geojson|yaml)", one)]
    assert len(found) > 5
    files = data_files()
    assert [one for one in found if not any(file == one or file.endswith(f"/{one}") for file in files)] == []


# Pictures and links


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "fixtures/README.md"])
def test_every_link_to_a_file_leads_to_one(document: str) -> None:
    text = re.sub(r"```.*?```", "", read(document), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


# The checks themselves


def test_the_checks_find_what_is_missing() -> None:
    text = "| `load_reference [DIR]` | loads |\n```sh\nhidden_command\n```\nplain_word"
    assert undocumented(["load_reference", "hidden_command", "plain_word", "load"], text) == [
        "hidden_command",
        "plain_word",
        "load",
    ]
    assert [group(route) for route in ("/", "/api/", "/api/tiles/<str:z>/x", "/healthz", "/api/<str:a>")] == [
        "/",
        "/api",
        "/api/tiles",
        "/healthz",
        "/api",
    ]
    said = ["places.csv", "heritage/", "facts/"]
    files = ["shaoxing/a/places.csv", "shaoxing/heritage/lists.csv", "facts/b.csv", "shaoxing/other/c.csv"]
    assert [is_named(file, said) for file in files] == [True, True, True, False]
