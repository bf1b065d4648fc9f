"""The index of names that the search box looks in: what is called so, and the keys under which a name is found.

The database keeps it: triggers of every register with names write it in the transaction of the change. A name is found by
its keys, each a few of its characters or letters, in the order of their rank, so that a search reads the best of a key
and never all of it.
"""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from psycopg import sql


class SearchCharacter(models.Model):
    """A character as it is folded for search and as it is read, itself where it is neither. From ``layers.names``."""

    character = models.CharField(_("character"), max_length=1, primary_key=True)
    folded = models.CharField(_("folded"), max_length=8)
    sound = models.CharField(_("sound"), max_length=8)

    class Meta:
        verbose_name = _("character in search")
        verbose_name_plural = _("characters in search")

    def __str__(self) -> str:
        return self.character


class SearchReading(models.Model):
    """A folded text that is read in a way of its own, 会稽 kuai ji: a reviewed local reading."""

    text = models.CharField(_("text"), max_length=20, primary_key=True)
    sounds = ArrayField(models.CharField(max_length=8), verbose_name=_("sounds"))

    class Meta:
        verbose_name = _("reading in search")
        verbose_name_plural = _("readings in search")

    def __str__(self) -> str:
        return self.text


class SearchName(models.Model):
    """A name of a row of a register, or of a stretch along which doors are numbered in a township.

    row_id: of the row; none for a stretch. division: the code of the division it lies in. tier: what comes first among
    names that match alike. folded, sounds, spelt: computed by the database from the name and its roman spelling.
    """

    register = models.CharField(_("register"), max_length=63)
    row_id = models.BigIntegerField(_("row"), null=True)
    name = models.CharField(_("name"), max_length=200)
    roman = models.CharField(_("roman spelling"), max_length=200, blank=True)
    division = models.CharField(_("division"), max_length=12, blank=True)
    tier = models.PositiveSmallIntegerField(_("tier"))
    folded = models.TextField(_("folded"))
    sounds = ArrayField(models.TextField(), verbose_name=_("sounds"))
    spelt = ArrayField(models.TextField(), verbose_name=_("words of the spelling"))

    class Meta:
        verbose_name = _("name in search")
        verbose_name_plural = _("names in search")
        indexes: ClassVar[list] = [
            models.Index(fields=["register", "row_id"], name="layers_searchname_row"),
            models.Index(fields=["folded"], name="layers_searchname_folded"),
        ]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["register", "name", "division"],
                condition=models.Q(row_id__isnull=True),
                name="layers_searchname_stretch",
            ),
        ]
        triggers: ClassVar[list] = [
            pgtrigger.Trigger(
                name="fold",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    NEW.folded = layers_fold(NEW.name);
                    NEW.sounds = layers_sounds(NEW.folded);
                    NEW.spelt = layers_spelt(NEW.roman, NEW.sounds);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="keys_insert",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    INSERT INTO layers_searchkey (key, rank, name_id)
                    SELECT made.key, made.rank, r.id
                    FROM new_rows AS r, layers_search_keys(r.folded, r.sounds, r.spelt, r.division, r.tier) AS made;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="keys_delete",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func="""
                    DELETE FROM layers_searchkey AS k
                    USING (SELECT made.key, made.rank, r.id
                           FROM old_rows AS r,
                                layers_search_keys(r.folded, r.sounds, r.spelt, r.division, r.tier) AS made) AS gone
                    WHERE k.key = gone.key AND k.rank = gone.rank AND k.name_id = gone.id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.name


class SearchKey(models.Model):
    """One of the keys of a name (``layers_search_keys``). rank: the lower, the sooner it is read.

    The rows are never read by id; the index on all three columns is what is searched.
    """

    pk = models.CompositePrimaryKey("key", "rank", "name_id")
    key = models.IntegerField(_("key"))
    rank = models.SmallIntegerField(_("rank"))
    name_id = models.IntegerField(_("name"))

    class Meta:
        verbose_name = _("key of a name")
        verbose_name_plural = _("keys of names")


# What comes first among names that match alike: counties and the city, townships, everything else, villages, stretches.
TIER = sql.SQL("CASE length(r.code) WHEN 4 THEN 0 WHEN 6 THEN 0 WHEN 9 THEN 1 ELSE 4 END")
OTHER_TIER, STRETCH_TIER = sql.Literal(3), sql.Literal(5)

BRING = sql.SQL("""
    INSERT INTO layers_searchname (register, row_id, name, roman, division, tier)
    SELECT {register}, r.id, r.name, r.name_roman, {division}, {tier} FROM {new} AS r WHERE r.name <> ''
""")
BRING_CHANGED = BRING + sql.SQL("""
      AND NOT EXISTS (SELECT 1 FROM {old} AS o
                      WHERE o.id = r.id AND (o.name, o.name_roman, {old_division}) = (r.name, r.name_roman, {division}))
""")
TAKE_AWAY = sql.SQL("""
    DELETE FROM layers_searchname AS known USING {old} AS o WHERE known.register = {register} AND known.row_id = o.id
""")
TAKE_AWAY_CHANGED = TAKE_AWAY + sql.SQL("""
      AND NOT EXISTS (SELECT 1 FROM {new} AS r
                      WHERE r.id = o.id AND (o.name, o.name_roman, {old_division}) = (r.name, r.name_roman, {division}))
""")
BRING_STRETCHES = sql.SQL("""
    INSERT INTO layers_searchname (register, name, roman, division, tier)
    SELECT {register}, r.stretch, '', r.township_claimed, {tier}
    FROM (SELECT DISTINCT stretch, township_claimed FROM {new} WHERE stretch <> '') AS r
    WHERE NOT EXISTS (SELECT 1 FROM layers_searchname AS known
                      WHERE known.register = {register} AND known.row_id IS NULL
                        AND known.name = r.stretch AND known.division = r.township_claimed)
    ON CONFLICT DO NOTHING
""")
FORGET = sql.SQL("DELETE FROM layers_searchname WHERE register = {register}")


class IndexNames(pgtrigger.Trigger):
    """A statement takes away from the index what its rows were called and brings what they are called now."""

    def __init__(self, operation: pgtrigger.Operation, *statements: sql.Composable) -> None:
        self.statements = statements
        old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
        new = "new_rows" if operation in (pgtrigger.Insert, pgtrigger.Update) else None
        super().__init__(
            name=f"names_{operation}".lower(),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(old=old, new=new) if old or new else None,
        )

    def get_func(self, model: Any) -> str:
        done = [written(statement, model, new="new_rows", old="old_rows") for statement in self.statements]
        return "".join(f"{statement};" for statement in [*done, "RETURN NULL"])


def index_names() -> list[pgtrigger.Trigger]:
    """The triggers by which the names of a register are found."""
    return [
        IndexNames(pgtrigger.Insert, BRING),
        IndexNames(pgtrigger.Update, TAKE_AWAY_CHANGED, BRING_CHANGED),
        IndexNames(pgtrigger.Delete, TAKE_AWAY),
        IndexNames(pgtrigger.Truncate, FORGET),
    ]


def index_stretches() -> list[pgtrigger.Trigger]:
    """The triggers by which what doors are numbered along is found; a stretch without a door is forgotten by the clock."""
    return [
        IndexNames(pgtrigger.Insert, BRING_STRETCHES),
        IndexNames(pgtrigger.Update, BRING_STRETCHES),
        IndexNames(pgtrigger.Truncate, FORGET),
    ]


def written(statement: sql.Composable, model: Any, *, new: str, old: str = "") -> str:
    """The statement for a register. new, old: the tables with its columns that rows are read from."""
    from layers.registry import division_column  # a model cannot wait for the registry, which is made of models

    is_division = model._meta.label == "layers.Division"
    column = "code" if is_division else division_column(model)
    return (
        sql.SQL(statement.as_string(None))
        .format(
            register=sql.Literal(model._meta.db_table),
            division=_or_empty("r", column),
            old_division=_or_empty("o", column),
            tier=STRETCH_TIER if statement is BRING_STRETCHES else TIER if is_division else OTHER_TIER,
            new=sql.Identifier(new),
            old=sql.Identifier(old),
        )
        .as_string(None)
    )


def _or_empty(row: str, column: str | None) -> sql.Composable:
    return sql.SQL("coalesce({}, '')").format(sql.Identifier(row, column)) if column else sql.Literal("")
