"""Loading reference data: once whole, ever after only what is new or improved, and never over somebody's edit."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction

from layers.models import ReferenceRow
from layers.reference.building import Keys
from layers.reference.errors import BadFixture
from layers.reference.manifest import Register, Table, read_manifest
from layers.reference.reading import Row
from layers.reference.units import Line, Unit, primary_keys, read_units, stamps
from layers.refusals import explain_error, forbidden_step

Progress = Callable[[str], None]


class Decision(Enum):
    ADD = "add"
    UPDATE = "update"
    KEEP = "keep"  # as it was loaded
    LEAVE = "leave"  # somebody else's, edited or deleted since


@dataclass(frozen=True)
class Loaded:
    """What became of a register's units."""

    table: str
    added: int
    updated: int
    unchanged: int
    left_alone: int


@dataclass
class Plan:
    register: Register
    units: dict[str, Unit]
    digests: dict[str, str]
    decisions: dict[str, Decision]
    ours: set[str]  # loaded by us and untouched since, so that what we change along the way stays ours

    def units_to(self, decision: Decision) -> list[Unit]:
        return [unit for key, unit in self.units.items() if self.decisions[key] is decision]

    @property
    def loaded(self) -> Loaded:
        count = Counter(self.decisions.values())
        return Loaded(
            str(self.register.main.model._meta.verbose_name_plural),
            count[Decision.ADD], count[Decision.UPDATE], count[Decision.KEEP], count[Decision.LEAVE],
        )  # fmt: skip


@transaction.atomic
def load(directory: Path, progress: Progress = lambda _line: None) -> list[Loaded]:
    """What became of each register. A bad row raises BadFixture and leaves the database as it was."""
    registers = read_manifest(directory)
    with connection.cursor() as cursor:
        # One load at a time; readers and editors go on.
        cursor.execute("LOCK TABLE layers_referencerow IN SHARE ROW EXCLUSIVE MODE")
    # Everything is planned before anything is written: a new boundary moves the points of other registers.
    plans = [_plan(directory, register) for register in registers]
    changed = [plan for plan in plans if {Decision.ADD, Decision.UPDATE} & set(plan.decisions.values())]
    for plan in changed:
        progress(str(plan.register.main.model._meta.verbose_name_plural))
        _write(plan, _named_rows(registers, plan.register))
    if changed:
        with connection.cursor() as cursor:
            # What triggers do to the rows at commit is part of the load.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for plan in plans:
            _remember(plan)
    return [plan.loaded for plan in plans]


def _plan(directory: Path, register: Register) -> Plan:
    units = read_units(directory, register)
    digests = {key: unit.digest for key, unit in units.items()}
    recorded = {
        key: (digest, stamp)
        for key, digest, stamp in ReferenceRow.objects.filter(table=register.main.db_table).values_list(
            "key", "digest", "row_version"
        )
    }
    present = stamps(register, units)
    ours = {key for key in present if key in recorded and recorded[key][1] == present[key]}
    improved = {key for key in ours if recorded[key][0] != digests[key]}
    if improved:
        locked = stamps(register, improved, lock=True)
        improved = {key for key in improved if locked.get(key) == present[key]}
    decisions = {}
    for key, digest in digests.items():
        if key not in recorded:
            decisions[key] = Decision.LEAVE if key in present else Decision.ADD
        elif key in improved:
            decisions[key] = Decision.UPDATE
        else:
            decisions[key] = Decision.KEEP if key in ours and recorded[key][0] == digest else Decision.LEAVE
    return Plan(register, units, digests, decisions, ours)


def _named_rows(registers: Iterable[Register], register: Register) -> Keys:
    """The rows of other registers that this one's foreign keys name."""
    targets = {
        field.related_model
        for table in register.tables
        for field in table.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name != table.parent
    }
    return primary_keys(other for other in registers if other.main.model in targets)


def _write(plan: Plan, keys: Keys) -> None:
    register = plan.register
    renewed: list[tuple[Unit, models.Model | None]] = []
    for unit in plan.units_to(Decision.UPDATE):
        _clear(register, unit, keys, renewed)
    added = plan.units_to(Decision.ADD)
    parents = {unit.key: parent for unit, parent in renewed if parent is not None}
    fresh = [*added, *(unit for unit, parent in renewed if parent is None)]
    rows = [(line.row, line.columns.build(line.row, keys), unit.key) for unit in fresh for line in unit.main]
    _insert([(row, instance) for row, instance, _key in rows])
    parents |= {key: instance for _row, instance, key in rows}
    units = [*added, *(unit for unit, _parent in renewed)]
    for table in register.children:
        _insert(_children(table, units, parents, keys))


def _children(
    table: Table, units: Iterable[Unit], parents: dict[str, models.Model], keys: Keys
) -> list[tuple[Row, models.Model]]:
    return [
        (line.row, line.columns.build(line.row, keys, parents[unit.key]))
        for unit in units
        for line in unit.children[table]
    ]


def _clear(register: Register, unit: Unit, keys: Keys, renewed: list[tuple[Unit, models.Model | None]]) -> None:
    """Makes room for a unit's new form. A row that stays one row keeps its identity; children are put anew."""
    key = dict(zip(register.key, unit.key.split("/"), strict=True))
    existing = list(register.main.model._default_manager.filter(**key))
    if len(existing) != 1 or len(unit.main) != 1:
        register.main.model._default_manager.filter(**key).delete()
        renewed.append((unit, None))
        return
    for table in register.children:
        table.model._default_manager.filter(**{table.parent: existing[0]}).delete()
    line = unit.main[0]
    instance = line.columns.build(line.row, keys)
    instance.pk = existing[0].pk
    _save(line, instance)
    renewed.append((unit, instance))


def _save(line: Line, instance: models.Model) -> None:
    try:
        with transaction.atomic():
            instance.save(force_update=True, update_fields=[field.name for field in line.columns.fields.values()])
    except DatabaseError as error:
        raise _refused(line.row, instance, error) from None


def _insert(rows: Sequence[tuple[Row, models.Model]]) -> None:
    if not rows:
        return
    model = type(rows[0][1])
    try:
        with transaction.atomic():
            model._default_manager.bulk_create([instance for _row, instance in rows], batch_size=1000)
    except DatabaseError:
        _name_refused(rows)
        raise


def _name_refused(rows: Sequence[tuple[Row, models.Model]]) -> None:
    """Raises BadFixture for the row that the database refused, found by offering them one by one."""
    for row, instance in rows:
        instance.pk = None
        try:
            with transaction.atomic():
                instance.save(force_insert=True)
        except DatabaseError as error:
            raise _refused(row, instance, error) from None


def _refused(row: Row, instance: models.Model, error: DatabaseError) -> BadFixture:
    """In the words of the model's own checks where they see the fault, else in the database's."""
    if (step := forbidden_step(instance)) is not None:
        return BadFixture(row.at(step[0]), step[1], value=row.values.get(step[0]))
    try:
        instance.full_clean()
    except ValidationError as fault:
        column, messages = next(iter(fault.message_dict.items()))
        column = "" if column == "__all__" else column
        return BadFixture(row.at(column), " ".join(messages), value=row.values.get(column))
    return BadFixture(row.at(), explain_error(error))


def _remember(plan: Plan) -> None:
    """Records every unit that is ours as it stands now, whatever this load itself has done to it."""
    ours = plan.ours | {unit.key for decision in (Decision.ADD, Decision.UPDATE) for unit in plan.units_to(decision)}
    left = {key for key, decision in plan.decisions.items() if decision is Decision.LEAVE}
    table = plan.register.main.db_table
    ReferenceRow.objects.bulk_create(
        [
            ReferenceRow(table=table, key=key, digest=plan.digests[key], row_version=stamp)
            for key, stamp in stamps(plan.register, ours - left).items()
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["table", "key"],
        update_fields=["digest", "row_version"],
    )
