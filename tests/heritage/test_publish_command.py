"""``publish_batch``: what it says, and its exit codes."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from heritage.models import Batch, PlaceVersion
from heritage.models.lists import BatchState
from layers.rows import today
from tests.heritage.entries import committed
from tests.heritage.lists import noticed

pytestmark = pytest.mark.django_db
NUMBER = "绍市民〔2026〕12号"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_batch", *arguments, stdout=out)
    return out.getvalue()


def test_it_publishes_and_says_what() -> None:
    batch = noticed()
    with translation.override("en"):
        said = run(batch.code, "--document", NUMBER)
    kept = Batch.objects.get(pk=batch.pk)
    assert (kept.state, kept.document) == (BatchState.PUBLISHED, NUMBER)
    assert said == f"{batch}: published on {today()}, entries: 1, SHA-256 {kept.sha256}\n"
    committed()
    assert PlaceVersion.objects.filter(place__name="卧龙山").order_by("-number")[0].origin == "publish_batch"


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (("nowhere", "--document", NUMBER), "没有批次“nowhere”", "no batch “nowhere”"),
        (("city-list-1", "--document", " "), "文号", "number of the announcement"),
        (("city-list-1", "--document", NUMBER, "--on", "2026-13-01"), "2026-13-01", "2026-13-01"),
        (("city-list-1", "--document", NUMBER, "--on", "1999-01-01"), "公示期", "public notice lasts 7 calendar days"),
    ],
)
def test_what_it_refuses_is_told_in_both_languages(arguments: tuple[str, ...], chinese: str, english: str) -> None:
    noticed()
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language), pytest.raises(CommandError, match=words) as refused:
            run(*arguments)
        assert refused.value.returncode == 2
    assert Batch.objects.get(code="city-list-1").state == BatchState.NOTICE


def test_it_asks_for_a_document(capsys: Any) -> None:
    with pytest.raises((SystemExit, CommandError)):
        run("city-list-1")
