"""Plans of targets kept by staff, and who is told of audits."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from layers.coverage import targets
from layers.models import AuditSubscription, TargetPlan
from tests.layers.admin.posting import errors_of, form_data, post, url

pytestmark = pytest.mark.django_db


def test_a_new_plan_begins_as_the_newest_that_comes_with_the_portal(staff: Client) -> None:
    files = targets.plan_files()
    begun = form_data(staff, url(TargetPlan, "add"))
    assert int(begun["year"]) == max(files)
    assert begun["document"] == files[max(files)].read_text(encoding="utf-8")


def test_a_plan_that_is_kept_takes_the_place_of_the_file(staff: Client) -> None:
    before = targets.plan(date(2023, 6, 1))
    text = targets.plan_files()[2023].read_text(encoding="utf-8").replace("现代社区试点", "未来社区试点")
    assert post(staff, TargetPlan, None, document=text, year=2023).status_code == 302
    titles = {target.id: target.title.zh for target in targets.plan(date(2023, 6, 1)).targets}
    assert titles["pilot-communities"] == "未来社区试点"
    assert list(titles) == [target.id for target in before.targets]
    assert targets.plan(date(2022, 6, 1)) == targets.load(targets.plan_files()[2022])
    assert post(staff, TargetPlan, None, document=text, year=2031).status_code == 302
    assert targets.plan(date(2035, 1, 1)) == targets.parse(text, Path("2031"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("status = 'operating'", "line 14, targets[0].filter"),
        ("layer: assistance-hubs", "line 13, targets[0].layer"),
    ],
)
def test_what_is_wrong_in_a_plan_is_named_by_line_and_key(staff: Client, wrong: str, said: str) -> None:
    text = targets.plan_files()[2023].read_text(encoding="utf-8").replace(wrong, wrong[:-3], 1)
    found = errors_of(post(staff, TargetPlan, None, document=text, year=2024))
    assert found["document"][0].startswith(f"2024, {said}: ")
    assert not TargetPlan.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"channel": "webhook", "address": "file:///etc/passwd"}, "address", "Enter a valid URL."),
        ({"channel": "email", "address": "nobody"}, "address", "Enter a valid email address."),
        ({"channel": "email", "address": "plan@example.org"}, "__all__", "The portal has no mail server"),
        ({"channel": "webhook", "address": "https://example.org/told", "language": "fr"}, "language", "Select a valid"),
    ],
)
def test_a_subscription_that_would_reach_nobody_is_refused(
    staff: Client, given: dict[str, Any], field: str, said: str
) -> None:
    found = errors_of(post(staff, AuditSubscription, None, **given))
    assert found[field][0].startswith(said)


def test_a_subscription_is_kept(staff: Client, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    for channel, address in (("email", "plan@example.org"), ("webhook", "https://example.org/told")):
        assert post(staff, AuditSubscription, None, channel=channel, address=address, language="en").status_code == 302
    assert AuditSubscription.objects.filter(active=True).count() == 2
