"""Who may see and change what, decided once: a reader's rows and fields, for items, tiles, search, exports, pages and audits."""

from dataclasses import dataclass, field, replace

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model, Q

from layers.models.accounts import Grant
from layers.models.base import Versioned
from layers.registry import Audience, Field, Layer, Role, catalogue, division_column


@dataclass(frozen=True)
class Reader:
    """On whose behalf rows are read and written.

    roles: what it may change. Readers who are given the same are equal whatever they may change, so that what is kept
    for one, such as a statement, serves the other.
    counties: the 6-digit codes of those whose unpublished rows the reader sees and whose rows it writes; empty: all.
    """

    audience: Audience
    roles: frozenset[Role] = field(default=frozenset(), compare=False)
    counties: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the reader is given depends on this alone; it stands in every cache key."""
        return "-".join([self.audience.name.lower(), *self.counties])


PUBLIC = Reader(Audience.PUBLIC)
ADMINISTRATION = frozenset(Role) - {Role.PLANNER}
AUDITING = (Role.PLANNER, Role.ADMINISTRATOR)
BUREAU = Reader(Audience.BUREAU, frozenset({Role.ADMINISTRATOR}))


def reader_of(user: AbstractBaseUser | AnonymousUser) -> Reader:
    """What the account's roles make of it: with any role a reader of the bureau, without one the public.

    A superuser, such as ``createsuperuser`` makes, is an administrator without being granted anything. Django's
    staff flag, groups and permissions decide nothing. The grant is read once for each user object.
    """
    if not user.is_active or isinstance(user, AnonymousUser):
        return PUBLIC
    if getattr(user, "is_superuser", False):
        return BUREAU
    try:
        grant: Grant = user.grant  # type: ignore[attr-defined]
    except Grant.DoesNotExist:
        return PUBLIC
    roles = frozenset(Role(role) for role in grant.roles)
    return Reader(Audience.BUREAU, roles, tuple(sorted(grant.counties))) if roles else PUBLIC


def only_reading(reader: Reader) -> Reader:
    """The reader without what it may change: what is left of an administrator is an auditor, who reads everything."""
    reads_everything = not reader.roles.isdisjoint({Role.AUDITOR, Role.ADMINISTRATOR})
    return replace(reader, roles=frozenset({Role.AUDITOR}) if reads_everything else frozenset())


def visible_fields(layer: Layer, reader: Reader) -> tuple[Field, ...]:
    return tuple(field for field in layer.fields if field.audience <= reader.audience)


def visible_rows(layer: Layer, reader: Reader) -> Q:
    """The condition on the register's rows."""
    condition = Q(**layer.only)
    if reader.audience is Audience.PUBLIC:
        condition &= offered(layer)
    elif reader.counties:
        condition &= offered(layer) | _in_counties(layer.model, reader)
    return condition


def offered(layer: Layer) -> Q:
    """The rows that the public is offered."""
    condition = Q(published=True)
    for column, values in layer.hidden.items():
        condition &= ~Q(**{f"{column}__in": values})
    return condition


def frozen_rows(reader: Reader) -> Q:
    """The condition on the rows of a snapshot: who saw a row when it was frozen sees it in there, whatever became of it."""
    if reader.audience is Audience.PUBLIC:
        return Q(offered=True)
    condition = Q(offered=True) if reader.counties else Q()
    for county in reader.counties:
        condition |= Q(division__startswith=county)
    return condition


def may_write(layer: Layer, reader: Reader) -> bool:
    """Whether the reader may create, change and delete rows of the layer, where ``writable_rows`` lets it."""
    if _has_own_pages(layer.model):
        return False
    return not reader.roles.isdisjoint({layer.written_by, Role.ADMINISTRATOR})


def writable_rows(layer: Layer, reader: Reader) -> Q:
    """The condition on the rows that the reader may change; a row must meet it before and after the change."""
    return Q(**layer.only) & (_in_counties(layer.model, reader) if reader.counties else Q())


def may_keep(register: type[Model], reader: Reader) -> bool:
    """Whether the reader may write rows of the register, where ``register_rows`` lets it: those of any of its layers."""
    if _has_own_pages(register):
        return False
    if reader.counties and division_column(register) is None:
        return False  # nothing says which county a row is of
    return not reader.roles.isdisjoint({*_writers(register), Role.ADMINISTRATOR})


def may_inspect(register: type[Model], reader: Reader) -> bool:
    """Whether the reader finds the register in the administration: to write it, or to look at what others write."""
    writers = _writers(register)
    reviews = Role.REVIEWER in reader.roles and Role.CURATOR in writers
    keeps_elsewhere = _has_own_pages(register) and not reader.roles.isdisjoint({*writers, Role.ADMINISTRATOR})
    return may_keep(register, reader) or keeps_elsewhere or Role.AUDITOR in reader.roles or reviews


def register_rows(register: type[Model], reader: Reader) -> Q:
    """The condition on the rows that the reader finds in the administration: those of its counties."""
    return _in_counties(register, reader) if reader.counties else Q()


def may_open_administration(reader: Reader) -> bool:
    return not reader.roles.isdisjoint(ADMINISTRATION)


def may_manage_accounts(reader: Reader) -> bool:
    """An administrator of some counties may not: it could give itself the others."""
    return Role.ADMINISTRATOR in reader.roles and not reader.counties


def may_audit(reader: Reader) -> bool:
    """Whether the reader may run an audit that is kept."""
    return not reader.roles.isdisjoint(AUDITING) and not reader.counties


def may_site(reader: Reader) -> bool:
    """Whether the reader may ask where to build."""
    return not reader.roles.isdisjoint(AUDITING)


def may_read_siting(reader: Reader) -> bool:
    """Whether the reader may see what was asked and found of where to build, by readers of its counties."""
    return reader.audience is Audience.BUREAU


def may_read_audits(reader: Reader) -> bool:
    """Whether the reader may see kept audits: their reasons name unpublished features of every county."""
    return reader.audience is Audience.BUREAU and not reader.counties


def may_see_findings(reader: Reader) -> bool:
    """Whether the reader may look at what checks of doorplates found, in its counties."""
    return not reader.roles.isdisjoint({Role.PLANNER, Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR})


def may_check_doorplates(reader: Reader) -> bool:
    """Whether the reader may start a check, in its counties."""
    return not reader.roles.isdisjoint({Role.PLANNER, Role.EDITOR, Role.ADMINISTRATOR})


def may_mark_findings(reader: Reader) -> bool:
    """Whether the reader may say that a finding is done or none, in its counties: those who keep the plates."""
    return not reader.roles.isdisjoint({Role.EDITOR, Role.ADMINISTRATOR})


def may_answer_reports(reader: Reader) -> bool:
    """Whether the reader answers what is reported of mistakes, in its counties: those who keep the layers."""
    return not reader.roles.isdisjoint({Role.EDITOR, Role.ADMINISTRATOR})


def visible_reports(reader: Reader) -> Q:
    """The condition on the reports of mistakes that the reader answers."""
    condition = Q(pk__in=[]) if reader.counties else Q()
    for county in reader.counties:
        condition |= Q(division__startswith=county)
    return condition


def may_freeze(reader: Reader) -> bool:
    """Whether the reader may take snapshots: those who keep the ledgers of every county."""
    return not reader.roles.isdisjoint({Role.EDITOR, Role.ADMINISTRATOR}) and not reader.counties


def may_unfreeze(reader: Reader) -> bool:
    """Whether the reader may delete a snapshot."""
    return Role.ADMINISTRATOR in reader.roles and not reader.counties


def may_see_snapshots(reader: Reader) -> bool:
    """Whether the reader finds the list of snapshots in the administration."""
    return may_freeze(reader) or may_read_every_history(reader)


def may_read_history(layer: Layer, reader: Reader) -> bool:
    """Whether the reader may read what became of the layer's rows: all of them, or those that it may write."""
    return may_write(layer, reader) or Role.AUDITOR in reader.roles


def may_read_every_history(reader: Reader) -> bool:
    """Whether the reader may read the change log of every county, that of deleted rows too."""
    return not reader.roles.isdisjoint({Role.AUDITOR, Role.ADMINISTRATOR}) and not reader.counties


def _in_counties(register: type[Model], reader: Reader) -> Q:
    """The rows that a division column places in one of the reader's counties."""
    condition, column = Q(pk__in=[]), division_column(register)
    for county in reader.counties if column else ():
        condition |= Q(**{f"{column}__startswith": county})
    return condition


def _has_own_pages(register: type[Model]) -> bool:
    return issubclass(register, Versioned) and register.has_own_pages


def _writers(register: type[Model]) -> frozenset[Role]:
    """The roles that write the register's layers; a register that no layer is made of is kept with those of its app."""
    layers = catalogue().values()
    own = {layer.written_by for layer in layers if layer.model is register}
    app = {layer.written_by for layer in layers if layer.model._meta.app_label == register._meta.app_label}
    return frozenset(own or app)
