"""Spellings are proposed by the rules, and as curators decided for names like it."""

import pytest

from heritage import changesets, spelling
from heritage.errors import BadEntry
from heritage.models import ReviewedSpelling, Term, Vocabulary
from heritage.spelling import Proposal, propose
from tests.heritage.entries import approved, curator, entry, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories() -> None:
    words, _made = Vocabulary.objects.get_or_create(
        code="place-categories", defaults={"name": "地名类别", "source": "test"}
    )
    for code, kind in (("山", "mountain"), ("河流", "water"), ("老地名", "")):
        Term.objects.update_or_create(vocabulary=words, code=code, defaults={"name": code, "spelled_as": kind})


@pytest.mark.parametrize(
    ("name", "category", "expected"),
    [
        ("会稽山", "山", Proposal("Kuàijī Shān", "会稽", "山", ())),
        ("浦阳江", "河流", Proposal("Pǔyáng Jiāng", "浦阳", "江", ())),
        ("大坊口", "老地名", Proposal("Dàfāngkǒu", "大坊口", "", ())),
        ("大坊口", "没有的类别", Proposal("Dàfāngkǒu", "大坊口", "", ())),
        ("", "山", Proposal("", "", "", ())),
    ],
)
def test_a_spelling_is_proposed_by_the_rules_of_its_category(name: str, category: str, expected: Proposal) -> None:
    found = propose(name, category)
    assert (found.roman, found.specific, found.generic) == (expected.roman, expected.specific, expected.generic)


def test_what_a_curator_decided_is_proposed_for_the_same_name_and_for_one_with_its_specific_part() -> None:
    ReviewedSpelling.objects.create(name="桐溪", roman="Dòng Xī", specific="桐", generic="溪", reason="当地读音")
    assert propose("桐溪", "河流") == Proposal("Dòng Xī", "桐", "溪", (), "当地读音")
    assert propose("桐山", "山") == Proposal("Dòng Shān", "桐", "山", (), "桐溪: 当地读音")
    assert propose("梧山", "山").because == ""


def test_a_specific_part_that_cannot_be_told_in_the_reviewed_spelling_is_not_taken() -> None:
    ReviewedSpelling.objects.create(name="桐溪", roman="Dongsi", specific="桐", generic="溪", reason="当地读音")
    assert propose("桐山", "山").roman == "Tóng Shān"


def test_an_unconfirmed_spelling_follows_the_name_and_what_is_typed_in_its_place_is_confirmed() -> None:
    before = entry("卧龙山")
    renamed = entry("会稽山")
    renamed["names"][0] |= {"key": before["names"][0]["key"]}
    [name] = spelling.settled(renamed, before)["names"]
    assert (name["roman"], name["specific"], name["generic"], name["spelling"]) == (
        "Kuàijī Shān",
        "会稽",
        "山",
        "proposed",
    )
    renamed["names"][0] |= {"roman": "Guiji Shan"}
    [name] = spelling.settled(renamed, before)["names"]
    assert (name["roman"], name["spelling"]) == ("Guiji Shan", "confirmed")
    standing = entry("卧龙山")
    standing["names"][0] |= {"key": before["names"][0]["key"], "roman": "Wòlóng Shān"}
    assert spelling.settled(standing, before) == standing


def test_another_spelling_needs_a_reason_and_becomes_reviewed_data_when_it_is_approved() -> None:
    document = entry("卧龙山")
    key = document["names"][0]["key"]
    document["names"][0] |= {"roman": "Òlóng Shān", "spelling": "confirmed", "specific": "卧龙", "generic": "山"}
    draft = changesets.begin(curator(), document=document)
    with pytest.raises(BadEntry) as wrong:
        changesets.submit(draft, reason="test")
    assert [fault.path for fault in wrong.value.faults] == [f"names/{key}/spelling_reason"]
    document["names"][0]["spelling_reason"] = "当地读音"
    draft = changesets.save(draft, document, opened=draft.version)
    changesets.submit(draft, reason="test")
    assert not ReviewedSpelling.objects.exists()
    changesets.take_back(draft)
    draft.refresh_from_db()
    approved(draft, reviewer())
    assert list(ReviewedSpelling.objects.values_list("name", "roman", "specific", "generic", "reason")) == [
        ("卧龙山", "Òlóng Shān", "卧龙", "山", "当地读音")
    ]
    assert propose("卧龙溪", "河流").roman == "Òlóng Xī"
