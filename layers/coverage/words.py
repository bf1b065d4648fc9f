"""An audit in words, in the reader's language: reasons, notes, figures."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers.coverage.audit import Rate
from layers.coverage.notes import Cause, Note
from layers.coverage.targets import Goal

SHOWN = 5  # names in a note; the JSON has them all


def reason(causes: tuple[Cause, ...]) -> str:
    return pgettext("between reasons", "; ").join(map(cause, causes))


def cause(found: Cause) -> str:
    name = _("A site that is not published") if found.name is None else _("“%(name)s”") % {"name": found.name}
    values = {"name": name, "day": found.on.isoformat() if found.on else _("an unrecorded day"), "place": found.place}
    if found.kind == "lies_elsewhere" and not found.place:
        return _("%(name)s is registered here but its point lies in no township") % values
    return _cause_texts()[found.kind] % values


def _cause_texts() -> dict[str, str]:
    return {
        "no_site": _("no site lies here or serves it"),
        "planned": _("%(name)s is only planned, since %(day)s"),
        "under_construction": _("%(name)s is under construction since %(day)s"),
        "suspended": _("%(name)s is suspended since %(day)s"),
        "closed": _("%(name)s is closed since %(day)s"),
        "opens_later": _("%(name)s opened later, on %(day)s"),
        "no_state": _("%(name)s has no recorded state on that day"),
        "does_not_qualify": _("%(name)s operates but does not meet the target's condition"),
        "designation_ended": _("the designation of %(name)s ended on %(day)s"),
        "designation_later": _("the designation of %(name)s begins later, on %(day)s"),
        "lies_elsewhere": _("%(name)s is registered here but its point lies in %(place)s"),
    }


def note(found: Note) -> str:
    values = {"count": found.count, "of": found.of, "about": _names(found)}
    return _note_text(found.kind, found.count) % values


def _note_text(kind: str, count: int) -> str:
    if kind == "no_divisions":
        return _("Not assessable: no township is in force on that day.")
    if kind == "layer_empty":
        return _("Not assessable: the layer has no rows.")
    texts = {
        "approximate_boundaries": ngettext(
            "%(count)d of %(of)d townships has an approximate boundary: there the register's claim decides, not the point.",
            "%(count)d of %(of)d townships have approximate boundaries: there the register's claim decides, not the point.",
            count,
        ),
        "no_boundary": ngettext(
            "%(count)d of %(of)d townships has no boundary: the register's claim decides (%(about)s).",
            "%(count)d of %(of)d townships have no boundary: the register's claim decides (%(about)s).",
            count,
        ),
        "demonstration_only": ngettext(
            "%(count)d of the %(of)d townships that count rests on demonstration data only.",
            "%(count)d of the %(of)d townships that count rest on demonstration data only.",
            count,
        ),
        "served_from_outside": ngettext(
            "%(count)d of the %(of)d townships that count has no site inside and is served from elsewhere (%(about)s).",
            "%(count)d of the %(of)d townships that count have no site inside and are served from elsewhere (%(about)s).",
            count,
        ),
        "point_elsewhere": ngettext(
            "The point of %(count)d site falls in another township than the register claims (%(about)s).",
            "The points of %(count)d sites fall in other townships than the register claims (%(about)s).",
            count,
        ),
        "point_in_no_township": ngettext(
            "The point of %(count)d site falls in no township's boundary; the register's claim decides (%(about)s).",
            "The points of %(count)d sites fall in no township's boundary; the register's claim decides (%(about)s).",
            count,
        ),
        "no_point": ngettext(
            "%(count)d site has no point; the register's claim decides (%(about)s).",
            "%(count)d sites have no point; the register's claim decides (%(about)s).",
            count,
        ),
        "claim_refuted": ngettext(
            "%(count)d operating site counts by place for no township: its point is outside the exact boundary of the township it claims (%(about)s).",
            "%(count)d operating sites count by place for no township: their points are outside the exact boundaries of the townships they claim (%(about)s).",
            count,
        ),
        "claim_unknown": ngettext(
            "%(count)d operating site claims a township that was none on that day (%(about)s).",
            "%(count)d operating sites claim townships that were none on that day (%(about)s).",
            count,
        ),
    }
    return texts[kind]


def _names(found: Note) -> str:
    names = [named.name for named in found.about[:SHOWN]]
    more = found.count - len(names)
    if more and names:
        names.append(ngettext("%(more)d more", "%(more)d more", more) % {"more": more})
    return pgettext("between names", ", ").join(names) if names else _("not published")


def percent(rate: Rate) -> str:
    """The value with one decimal, rounded down: what is not complete never reads as 100%."""
    tenths = rate.numerator * 1000 // rate.denominator
    return f"{tenths // 10}.{tenths % 10}%"


def goal(found: Goal) -> str:
    return f"{'≥' if found.op == '>=' else found.op} {float(found.value * 100):g}%"


def status(found: str) -> str:
    return {"met": _("met"), "missed": _("missed"), "not_assessable": _("not assessable")}[found]


def boundaries(found: str) -> str:
    return {
        "surveyed": _("surveyed boundaries"),
        "published": _("published boundaries"),
        "approximate": _("approximate boundaries"),
        "none": _("no boundaries"),
    }[found]
