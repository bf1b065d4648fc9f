"""An import of places from its file to its drafts: received and checked in one go, decided about, applied in one go.

Each step is one transaction: whatever is killed half-way leaves all of it or nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from heritage import changesets, documents
from heritage.access import is_within
from heritage.alike import PROPOSED, Alike, alike
from heritage.checking import faults, misshapen
from heritage.differences import Document
from heritage.errors import Fault, NotNow
from heritage.imports import columns
from heritage.imports.errors import NoNames, TooManyRows, UnreadableJson
from heritage.imports.merged import with_row
from heritage.imports.staged import Stage, Staged
from heritage.linked_places_reading import NotAPlace, features, read
from heritage.models import ImportedRow, Place, PlaceImport
from heritage.models.curation import ChangesetState
from heritage.models.imports import Decision
from heritage.versions import latest, proposed
from layers.access import reader_of
from layers.crs.said import SourceCrs, said
from layers.imports.errors import CrsMissing, FileTooLarge, HalfPosition
from layers.imports.reading import Choices, Source, look
from layers.imports.reading import read as read_table
from layers.personal import names_a_person

JSON_SUFFIXES = (".json", ".jsonld", ".jsonl", ".geojson")
AT_ONCE = 500  # rows stored at once
CERTAIN = 100


@dataclass(frozen=True)
class Counts:
    """rows: of the file; refused, faulty: of them; undecided: those that somebody has to decide about."""

    rows: int
    refused: int
    faulty: int
    undecided: int
    new: int
    change: int
    skip: int


def origin(batch: PlaceImport) -> str:
    """What its drafts say that they came by."""
    return f"import {batch.pk}"


def receive(author: User, path: Path, name: str, *, crs: str = "", most: int | None = None) -> PlaceImport:
    """The file with each row read, checked and held against the places that there are.

    The same file again, while nothing was made of it, is the same import. most: rows that are taken at once.
    Raises FileTooLarge, UnreadableFile, UnreadableJson, NoNames, CrsMissing, HalfPosition, UnknownCrs, TooManyRows.
    """
    if path.stat().st_size > settings.IMPORT_MOST_BYTES:
        raise FileTooLarge(settings.IMPORT_MOST_BYTES)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction.atomic():
        known = PlaceImport.objects.filter(author=author, file_sha256=digest, crs=crs, applied_at=None).first()
        if known is not None:
            return known
        batch = PlaceImport.objects.create(author=author, file_name=Path(name).name[-255:], file_sha256=digest, crs=crs)
        with TemporaryDirectory() as folder:
            _keep(batch, _staged(batch, path, name, Path(folder), crs), most)
    batch.refresh_from_db()
    return batch


def _staged(batch: PlaceImport, path: Path, name: str, folder: Path, crs: str) -> Iterator[Staged]:
    if Path(name).suffix.lower() in JSON_SUFFIXES:
        found = _json(path)
        if any("names" in one or "@id" in one for one in found if isinstance(one, Mapping)) or not found:
            return _of_features(batch, found)
    return _of_table(batch, look(path, name, folder, Choices()), crs)


def _json(path: Path) -> list[Any]:
    """The features of a document, or one a line. Raises UnreadableJson."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        return list(features(json.loads(text)))
    except NotAPlace as error:
        raise UnreadableJson(str(error)) from None
    except (ValueError, RecursionError) as error:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise UnreadableJson(str(error)) from None


def _of_features(batch: PlaceImport, found: list[Any]) -> Iterator[Staged]:
    stage = Stage((), {}, None, batch.file_name)
    for line, one in enumerate(found, 1):
        try:
            yield stage.feature(line, read(one, settings.PUBLIC_URL))
        except (NotAPlace, ValueError, TypeError, KeyError, AttributeError) as error:
            problem = _("This is no place in the Linked Places Format: %(error)s.")
            yield Staged(line, faults=[Fault("", problem % {"error": str(error)[:200].rstrip(".。")})])


def _of_table(batch: PlaceImport, source: Source, crs: str) -> Iterator[Staged]:
    mapping = columns.matched(source.columns)
    batch.columns = list(mapping.items())
    batch.notes = [str(note) for note in source.notes]
    personal = [header for header in source.columns if names_a_person(header) and not mapping[header]]
    given = set(mapping.values())
    if columns.NAME not in given:
        raise NoNames(source.columns)
    if (columns.LON in given) != (columns.LAT in given):
        raise HalfPosition
    if personal:
        batch.notes.append(
            _("Columns about people are not kept: %(columns)s.") % {"columns": ", ".join(personal)}
        )  # fmt: skip
    batch.save(update_fields=["columns", "notes"])
    stage = Stage(source.columns, mapping, _crs(crs, source, given), batch.file_name)
    dropped = [place for place, header in enumerate(source.columns) if header in personal]
    for piece in read_table(source):
        texts = [piece.rows[header].to_pylist() for header in source.columns]
        shapes: Iterable[Any] = [None] * len(piece.numbers)
        if piece.geometry is not None:
            shapes = shapely.from_wkb(piece.geometry.to_pylist(), on_invalid="ignore")
        for number, shape, *cells in zip(piece.numbers.tolist(), shapes, *texts, strict=True):
            for place in dropped:
                cells[place] = ""
            yield stage.row(number, cells, shape)


def _crs(text: str, source: Source, given: set[str]) -> SourceCrs | None:
    """The system of the file's numbers; None where it has none. Raises CrsMissing, UnknownCrs."""
    if not (source.geometry or given & {columns.LON, columns.WKT}):
        return None
    own = f"EPSG:{source.srid}" if source.srid else ""
    if not (text or own):
        raise CrsMissing
    return said(text or own)


def _keep(batch: PlaceImport, staged: Iterable[Staged], most: int | None) -> None:
    rows: list[ImportedRow] = []
    seen: dict[str, int] = {}
    reader = reader_of(batch.author)
    for number, one in enumerate(staged, 1):
        if most is not None and number > most:
            raise TooManyRows(most)
        row = _row(batch, one)
        if row.document is not None:
            _judge(row, one)
            _known(row, seen)
            if not is_within(row.document["township"], reader) and not row.decision:
                row.faults.append({"path": "township", "problem": _("The place is of none of your counties.")})
        rows.append(row)
        if len(rows) == AT_ONCE:
            ImportedRow.objects.bulk_create(rows)
            rows = []
    ImportedRow.objects.bulk_create(rows)


def _row(batch: PlaceImport, staged: Staged) -> ImportedRow:
    document = staged.document
    found = list(staged.faults)
    if document is not None:
        if shape := misshapen(document):
            document, found = None, [*found, *shape]
        else:
            found += faults(document)
    said_faults = [{"path": fault.path, "problem": fault.problem} for fault in found]
    refused = document is None
    return ImportedRow(
        of=batch,
        line=staged.line,
        title=str(documents.standard_name(document).get("name") or "")[:120] if document else "",
        cells=[] if refused else staged.cells,
        document=document,
        faults=[*said_faults, *({"path": "", "problem": note, "is_note": True} for note in staged.notes)],
        digest="" if refused else staged.digest,
        decision=Decision.SKIP if refused else "",
    )


def _judge(row: ImportedRow, staged: Staged) -> None:
    """Proposes the place that the row may be; a row that is like none is a new one."""
    same = Place.objects.filter(handle__in=staged.same_as, merged_into=None).first() if staged.same_as else None
    if same is not None:
        row.candidate, row.candidate_name, row.score = same, same.name, CERTAIN
        return
    best: Alike | None = next(iter(alike(staged.names, staged.at)), None) if staged.names else None
    if best is not None and best.score >= PROPOSED:
        row.candidate_id, row.candidate_name, row.score = best.place_id, best.name, best.score
        row.distance_m = best.distance_m
    else:
        row.decision = Decision.NEW


def _known(row: ImportedRow, seen: dict[str, int]) -> None:
    """Leaves out a row that stands in the file before, or of which a draft was made."""
    note = ""
    if row.digest in seen:
        note = _("The row says the same as row %(line)d.") % {"line": seen[row.digest]}
    elif before := (
        ImportedRow.objects.filter(digest=row.digest, changeset__isnull=False)
        .exclude(changeset__state=ChangesetState.ABANDONED)
        .select_related("changeset")
        .first()
    ):
        note = _("Import %(import)d made changeset %(changeset)d of the same row.") % {
            "import": before.of_id,
            "changeset": before.changeset_id,
        }
    seen.setdefault(row.digest, row.line)
    if note:
        row.decision = Decision.SKIP
        row.faults.append({"path": "", "problem": note, "is_note": True})


def counts(batch: PlaceImport) -> Counts:
    refused, remarked = Q(document__isnull=True), Q(document__isnull=False) & ~Q(faults=[])
    found = batch.rows.aggregate(
        rows=Count("pk"),
        refused=Count("pk", filter=refused),
        undecided=Count("pk", filter=Q(decision="")),
        **{decision.value: Count("pk", filter=Q(decision=decision, document__isnull=False)) for decision in Decision},
    )
    faulty_rows = sum(
        any(not fault.get("is_note") for fault in said)
        for said in batch.rows.filter(remarked).values_list("faults", flat=True)
    )
    return Counts(**found, faulty=faulty_rows)


def decide(batch: PlaceImport, decisions: Mapping[int, str]) -> None:
    """Keeps what somebody decided, by the row's line. Raises NotNow for what cannot be decided so."""
    with transaction.atomic():
        _open(batch)
        reader = reader_of(batch.author)
        rows = list(batch.rows.select_related("candidate").filter(line__in=decisions, document__isnull=False))
        for row in rows:
            decision = decisions[row.line]
            if decision not in ("", *Decision.values):
                raise NotNow(
                    _("“%(decision)s” is no decision; there are: %(known)s.")
                    % {"decision": decision, "known": ", ".join(Decision.values)}
                )
            if decision == Decision.CHANGE:
                if row.candidate is None:
                    raise NotNow(_("Row %(line)d is like no place: it is new, or left out.") % {"line": row.line})
                if not is_within(row.candidate.township, reader):
                    raise NotNow(
                        _("Row %(line)d: %(name)s is of none of your counties; leave the row out.")
                        % {"line": row.line, "name": row.candidate.name}
                    )
            row.decision = decision
        ImportedRow.objects.bulk_update(rows, ["decision"], batch_size=AT_ONCE)


def apply(batch: PlaceImport, *, is_dry: bool = False) -> Counts:
    """Makes a draft of the author's of each row that is decided so: all of them, or none.

    is_dry: everything is done and taken back. Raises NotNow while rows are undecided, or when it was done before.
    """
    with transaction.atomic():
        batch = _open(batch)
        found = counts(batch)
        if found.undecided:
            raise NotNow(
                _("%(count)d rows may be places that there are already. Decide about each of them first.")
                % {"count": found.undecided}
            )
        drafted = batch.rows.filter(decision__in=(Decision.NEW, Decision.CHANGE)).select_related("candidate")
        for row in drafted.iterator(AT_ONCE):
            row.changeset = _drafted(batch, row)
            row.save(update_fields=["changeset"])
        PlaceImport.objects.filter(pk=batch.pk).update(applied_at=Now())
        if is_dry:
            transaction.set_rollback(True)
    return found


def _drafted(batch: PlaceImport, row: ImportedRow) -> Any:
    document: Document = dict(row.document or {})
    place = row.candidate if row.decision == Decision.CHANGE else None
    if place is not None:
        document = with_row(proposed(latest(place)), document)
    return changesets.begin(batch.author, place, document=document, origin=origin(batch))


def abandon(batch: PlaceImport) -> None:
    """Forgets an import of which nothing was made. Raises NotNow."""
    with transaction.atomic():
        _open(batch).delete()


def _open(batch: PlaceImport) -> PlaceImport:
    """The import, held until the transaction ends. Raises NotNow when its drafts are made."""
    found = PlaceImport.objects.select_for_update(of=("self",)).select_related("author").get(pk=batch.pk)
    if found.applied_at is not None:
        raise NotNow(_("The drafts of import %(id)d are made already; find them in your worklist.") % {"id": batch.pk})
    return found
