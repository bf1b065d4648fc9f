"""What the lock files promise: exact versions, a hash for everything, and no address."""

import json
import re

import pytest

from tests.script.trees import PROJECT


def locked(name: str) -> dict[str, str]:
    """Version by package of a requirements file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", (PROJECT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    lines = (PROJECT / name).read_text().splitlines()
    loose = [line for line in lines if line and not re.match(r"#|-r |[\w-]+(\[[\w,-]+\])?==[\w.]+$", line)]
    assert loose == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_has_a_hash_for_everything_and_no_address(name: str) -> None:
    text = (PROJECT / name).read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index-url" not in text


def test_lock_files_follow_their_lists() -> None:
    for name in ("requirements", "requirements-dev"):
        wanted = re.findall(r"^([\w-]+)(?:\[.*\])?==(.+)$", (PROJECT / f"{name}.in").read_text(), re.MULTILINE)
        have = locked(f"{name}.txt")
        assert {package: have.get(package.lower()) for package, _ in wanted} == dict(wanted)


def test_development_lock_contains_the_portal_lock() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


def test_browser_libraries_are_pinned_without_addresses() -> None:
    wanted = json.loads((PROJECT / "package.json").read_text())
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert wanted["private"] is True
    for group in ("dependencies", "devDependencies"):
        for name, version in wanted[group].items():
            assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert "://" not in (PROJECT / "package-lock.json").read_text()
    missing = [name for name, entry in lock["packages"].items() if name and "integrity" not in entry]
    assert missing == []
