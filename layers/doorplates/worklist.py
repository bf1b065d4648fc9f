"""The worklist of doorplates: checks as people start them, what each leaves to be done, and what became of it.

A finding is kept once for as long as it is the same. A check opens again what it still finds although somebody called it
done, and closes what it looked for and no longer finds; what was dismissed stays so.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from layers.access import Reader, register_rows
from layers.doorplates import checking
from layers.doorplates.check_errors import ReasonMissing, UnknownCheck
from layers.doorplates.checking import Asked, Checked
from layers.jobs import Stopped, Teller, done_for
from layers.models.doorplate_checks import (
    UNDER_WAY,
    CheckState,
    DoorplateCheck,
    DoorplateFinding,
    FindingKind,
    FindingState,
)

TASK = "layers.tasks.run_doorplate_check"
STRAY_S = 24 * 3600  # after which a file of doors belongs to no check that will still be made
KEPT_DAYS = 366  # a finding that is fixed, and a check
FOUND = """
    CREATE TEMPORARY TABLE found (key text PRIMARY KEY, kind text, severity text, township text, stretch text, community text,
        number int, plates text[], lon float8, lat float8, params jsonb) ON COMMIT DROP
"""
COPY_FOUND = "COPY found FROM STDIN"
KEEP = """
    INSERT INTO layers_doorplatefinding AS kept
        (key, kind, severity, township, stretch, community, number, plates, location, params, found_on, state, note)
    SELECT key, kind, severity, township, stretch, community, number, plates, ST_SetSRID(ST_Point(lon, lat), 4490), params,
           %(on)s, 'open', '' FROM found
    ON CONFLICT (key) DO UPDATE SET
        severity = excluded.severity, number = excluded.number, plates = excluded.plates, location = excluded.location,
        params = excluded.params,
        found_on = CASE kept.state WHEN 'fixed' THEN excluded.found_on ELSE kept.found_on END,
        state = CASE kept.state WHEN 'dismissed' THEN 'dismissed' ELSE 'open' END
"""
CLOSE = """
    UPDATE layers_doorplatefinding AS kept SET state = 'fixed', note = ''
    WHERE state IN ('open', 'done') AND kind = ANY(%(kinds)s) AND (%(township)s = '' OR township = %(township)s)
      AND NOT EXISTS (SELECT FROM found WHERE found.key = kept.key)
"""
DROP_FOUND = "DROP TABLE found"


def folder() -> Path:
    """Where files of doors wait for their check: shared by the processes that serve and those that work."""
    return Path(settings.MEDIA_ROOT) / "doors"


def path_of(check: DoorplateCheck) -> Path:
    return folder() / f"{check.pk}{Path(check.file_name).suffix.lower()[:10]}"


# Checks


def begin(asked: Asked) -> DoorplateCheck:
    """Queues a check, for which its file is copied. Raises UnknownTownship, BadParameter and OSError."""
    if asked.township:
        checking.require_township(asked.township)
    with transaction.atomic():
        check = DoorplateCheck._default_manager.create(
            township=asked.township, file_name=asked.file_name[-255:], crs=asked.crs, reach_m=asked.reach_m,
            language=translation.get_language() or settings.LANGUAGE_CODE,
        )  # fmt: skip
        if asked.file is not None:
            folder().mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asked.file, path_of(check))
        app.configure_task(TASK, lock="doorplate checks").defer(check_id=check.pk)
    return check


def cancel(check: DoorplateCheck) -> None:
    """Ends a check that waits or runs; it leaves nothing."""
    DoorplateCheck._default_manager.filter(pk=check.pk, state__in=UNDER_WAY).update(state=CheckState.CANCELLED)
    check.refresh_from_db()


def carry_out(check_id: int) -> None:
    """Makes the check, from the beginning when it was killed; one no longer wanted is left alone."""
    waiting = DoorplateCheck._default_manager.filter(pk=check_id, state__in=UNDER_WAY)
    if not waiting.update(state=CheckState.RUNNING, done=0, step="plates"):
        return
    check = DoorplateCheck._default_manager.get(pk=check_id)
    running = DoorplateCheck._default_manager.filter(pk=check_id, state=CheckState.RUNNING)
    teller = Teller(running, "done")
    told = ""

    def tell(step: str, done: int) -> None:
        nonlocal told
        teller(done, **({"step": step} if step != told else {}))
        told = step

    try:
        with done_for(check.language, lambda why: running.update(state=CheckState.FAILED, problem=why)):
            found = checking.run(_asked(check), tell)
            with transaction.atomic():
                if not running.update(state=CheckState.READY, summary=found.document, step=""):
                    raise Stopped
                keep(found)
    finally:
        if not waiting.exists():
            path_of(check).unlink(missing_ok=True)


def _asked(check: DoorplateCheck) -> Asked:
    file = path_of(check) if check.file_name else None
    return Asked(
        township=check.township, file=file, file_name=check.file_name, crs=check.crs, reach_m=check.reach_m
    )  # fmt: skip


def keep(found: Checked) -> None:
    """Opens and closes what stands in the worklist by what a check found."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOUND)
        with cursor.copy(COPY_FOUND) as copy:
            for one in {finding.key: finding for finding in found.findings}.values():
                place = (one.lon, one.lat)
                about = (one.township, one.stretch, one.community[:40], one.number, list(one.plates), *place)
                copy.write_row((one.key, one.kind.value, one.severity.value, *about, Jsonb(dict(one.params))))
        cursor.execute(KEEP, {"on": found.on})
        cursor.execute(CLOSE, {"kinds": [kind.value for kind in found.kinds], "township": found.asked.township})
        cursor.execute(DROP_FOUND)


def without_dismissed(found: Checked) -> tuple[Checked, int]:
    """The check without what the worklist has dismissed, and how much that was."""
    keys = [finding.key for finding in found.findings]
    dismissed = set(
        DoorplateFinding._default_manager.filter(key__in=keys, state=FindingState.DISMISSED).values_list(
            "key", flat=True
        )
    )
    left = tuple(finding for finding in found.findings if finding.key not in dismissed)
    return replace(found, findings=left), len(found.findings) - len(left)


def checks(reader: Reader) -> QuerySet[DoorplateCheck]:
    """The checks whose township the reader may look at, newest first."""
    return DoorplateCheck._default_manager.filter(register_rows(DoorplateCheck, reader))


def get_check(check_id: int, reader: Reader) -> DoorplateCheck:
    """Raises UnknownCheck."""
    if (check := checks(reader).filter(pk=check_id).first()) is None:
        raise UnknownCheck(check_id)
    return check


# Findings


def findings(reader: Reader, wanted: Mapping[str, str]) -> QuerySet[DoorplateFinding]:
    """What the reader may see of the worklist. wanted: township, kind, stretch, community and state, each where it is
    not empty."""
    names = ("township", "kind", "stretch", "community", "state")
    chosen = {name: wanted[name] for name in names if wanted.get(name)}
    return DoorplateFinding._default_manager.filter(register_rows(DoorplateFinding, reader), **chosen)


def counts(found: QuerySet[DoorplateFinding]) -> dict[str, int]:
    """How many of each kind; all kinds, in their order."""
    counted = dict(found.order_by().values_list("kind").annotate(count=Count("pk")))
    return {kind.value: counted.get(kind.value, 0) for kind in FindingKind}


def mark(found: QuerySet[DoorplateFinding], keys: Iterable[str], state: FindingState, note: str) -> int:
    """Gives findings a state; how many. note: why they are dismissed. Raises ReasonMissing, ValidationError."""
    if state is FindingState.DISMISSED and not note.strip():
        raise ReasonMissing
    DoorplateFinding._meta.get_field("note").run_validators(note)
    chosen = found.filter(key__in=list(keys)).exclude(state=FindingState.FIXED)
    return chosen.update(state=state, note=note.strip()[:200] if state is FindingState.DISMISSED else "")


def purge() -> None:
    """Forgets what was fixed and checked long ago, and files of doors that are nobody's."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    DoorplateCheck._default_manager.filter(asked_at__lt=old).delete()
    DoorplateFinding._default_manager.filter(state=FindingState.FIXED, found_on__lt=old.date()).delete()
    waiting = {path_of(check) for check in DoorplateCheck._default_manager.filter(state__in=UNDER_WAY)}
    for path in folder().iterdir() if folder().exists() else ():
        if path not in waiting and timezone.now().timestamp() - path.stat().st_mtime > STRAY_S:
            path.unlink()
