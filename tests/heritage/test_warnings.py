"""Article 25: a listed name that is renamed, merged or loses its division raises a warning, whoever writes it."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation
from procrastinate.contrib.django import app

from heritage import batches, changesets, merging, publishing, reminders, warnings
from heritage.batch_errors import BadBatch
from heritage.models import Batch, Listing, Place, PlaceName, RenamingWarning
from layers.models import Change, Division
from layers.rows import today
from tests.heritage.entries import approved, committed, curator, reviewer
from tests.heritage.lists import YUECHENG, backdated, finished, in_days, noticed

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed() -> Place:
    """A name of a published batch, 卧龙山."""
    place = finished()
    publishing.publish(noticed(place), document="绍市民〔2026〕12号")
    committed()
    place.refresh_from_db()
    return place


def raised() -> list[tuple[str, str, str]]:
    committed()
    return list(RenamingWarning.objects.order_by("id").values_list("place__name", "kind", "reason"))


def rename(place: Place, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE heritage_placename SET name = %s WHERE place = %s AND role = 'standard'", [name, place.pk]
        )


def test_a_renaming_past_every_form_raises_a_warning(listed: Place) -> None:
    rename(listed, "种山")
    assert raised() == [("种山", "renamed", "卧龙山 → 种山")]


def test_a_renaming_by_a_changeset_raises_one(listed: Place) -> None:
    changeset = changesets.begin(curator(), listed)
    changeset.document["names"][0] |= {"name": "种山", "roman": "Zhǒng Shān", "spelling": "proposed"}
    approved(changesets.save(changeset, changeset.document, opened=changeset.version), reviewer())
    assert raised() == [("种山", "renamed", "卧龙山 → 种山")]


def test_what_is_no_renaming_of_a_listed_name_raises_none(listed: Place) -> None:
    PlaceName.objects.filter(place=listed).update(roman="Wòlóngshān")
    Place.objects.filter(pk=listed.pk).update(meaning="甲")
    Place.objects.filter(pk=listed.pk).update(name="别名")  # past the standard name, which takes its place again
    rename(Place.objects.get(code="fu-shan"), "卧龙")  # on no list
    assert raised() == []
    Listing.objects.filter(place=listed).update(withdrawn_on=today())
    rename(listed, "种山")
    assert raised() == []


def test_a_nomination_may_be_renamed() -> None:
    place = finished()
    noticed(place)
    rename(place, "种山")
    assert raised() == []


def test_a_listed_name_that_is_merged_raises_one(listed: Place) -> None:
    other = finished("种山", "Zhǒng Shān", published=True)
    approved(merging.propose(curator(), other, listed), reviewer())
    assert raised() == [("种山", "merged", "卧龙山 → 种山")]
    assert Listing.objects.get(place=other).withdrawn_on is None


def test_an_open_warning_is_raised_once_and_an_answered_one_again(listed: Place) -> None:
    for name in ("种山", "卧龙山", "种山"):
        rename(listed, name)
        committed()
    assert [reason for _place, _kind, reason in raised()] == ["卧龙山 → 种山", "种山 → 卧龙山"]
    for warning in RenamingWarning.objects.all():
        warnings.answer(warning, "就近移用：新建道路命名为卧龙路。")
    rename(listed, "卧龙山")
    assert [reason for _place, _kind, reason in raised()][2:] == ["种山 → 卧龙山"]


def test_an_answer_says_the_measure(listed: Place) -> None:
    rename(listed, "种山")
    raised()
    warning = warnings.open_warnings().get()
    for wrong in (" ", "户主11010519491231002X"):
        with pytest.raises(BadBatch):
            warnings.answer(warning, wrong)
    assert warnings.open_warnings().count() == 1
    warnings.answer(warning, "原址立碑。")
    assert not warnings.open_warnings().exists()
    assert Change.objects.filter(table="heritage_renamingwarning", operation="update").exists()


def end_division() -> None:
    Division.objects.filter(code=YUECHENG).update(valid_to=date(2026, 7, 1))


def test_a_division_that_has_gone_raises_one_a_day_after_it(listed: Place) -> None:
    name = Division.objects.get(code=YUECHENG, valid_to=None).name
    warn = app.tasks["heritage.tasks.warn_of_divisions"]
    warn(timestamp=0)
    assert raised() == []
    end_division()
    assert warnings.warn_of_divisions(date(2026, 6, 30)) == 0
    warn(timestamp=0)
    warn(timestamp=0)
    expected = [("卧龙山", "division_gone", f"{name} ({YUECHENG}) 2026-07-01")]
    assert raised() == expected
    warnings.answer(RenamingWarning.objects.get(), "标志牌保留。")
    warn(timestamp=0)
    assert raised() == expected


def test_a_division_of_no_listed_name_raises_none() -> None:
    finished()
    end_division()
    assert warnings.warn_of_divisions(today()) == 0


def test_the_office_is_told_of_what_is_due(listed: Place, settings: object) -> None:
    settings.EMAIL_HOST, settings.CURATION_EMAIL = "mail.example", ["office@example.cn"]  # type: ignore[attr-defined]
    remind = app.tasks["heritage.tasks.remind_curators"]
    remind(timestamp=0)
    assert mail.outbox == []
    rename(listed, "种山")
    raised()
    other = batches.begin(Batch.objects.get(code="city-list-1").heritage_list, number="第二批")
    batches.nominate(other, [finished("蕺山", "Jí Shān")], category="山")
    batches.step(other, batches.BatchState.REVIEW)
    batch = batches.give_notice(other)
    batches.object_to(batch, "读音不对")
    backdated(batch, 6)
    remind(timestamp=0)
    [sent] = mail.outbox
    assert sent.to == ["office@example.cn"]
    assert sent.subject == f"地名名录：{today()} 待办"
    for words in ("今日期满", "1 条异议尚未答复", "卧龙山 → 种山", f"/curate/batches/{batch.code}"):
        assert words in sent.body
    with translation.override("zh-hans"):
        assert any("已期满" in line for line in reminders.lines(in_days(1)))
    settings.CURATION_EMAIL = []  # type: ignore[attr-defined]
    remind(timestamp=0)
    assert len(mail.outbox) == 1
