"""Warnings of listed names that were renamed or whose division has gone: article 25 asks for protective measures.

The database raises those of renamings and merges (``heritage_warn``), whoever writes; the passing of days raises the others here.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heritage.batch_errors import BadBatch
from heritage.models import RenamingWarning

# The latest row of each township's code says when it ended; one that was warned of before is not warned of again.
DIVISIONS_GONE = """
    INSERT INTO heritage_renamingwarning (place_id, kind, reason, measure)
    SELECT place.id, 'division_gone', gone.reason, ''
    FROM heritage_place AS place
    CROSS JOIN LATERAL (
        SELECT name || ' (' || code || ') ' || valid_to AS reason, valid_to
        FROM layers_division WHERE code = place.township
        ORDER BY valid_to DESC NULLS FIRST LIMIT 1
    ) AS gone
    WHERE place.township <> '' AND gone.valid_to <= %(on)s AND heritage_is_listed(place.id)
      AND NOT EXISTS (SELECT FROM heritage_renamingwarning AS known
                      WHERE known.place_id = place.id AND known.kind = 'division_gone' AND known.reason = gone.reason)
    ON CONFLICT DO NOTHING
"""


def warn_of_divisions(on: date) -> int:
    """Raises a warning for each listed place whose township ended by the day, once; gives how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(DIVISIONS_GONE, {"on": on})
        return int(cursor.rowcount)


def open_warnings() -> QuerySet[RenamingWarning]:
    return RenamingWarning.objects.filter(measure="").select_related("place")


def answer(warning: RenamingWarning, measure: str) -> None:
    """Closes a warning with the protective measure that was taken. Raises BadBatch."""
    warning.measure = measure.strip()
    if not warning.measure:
        raise BadBatch(
            ValidationError(_("Write which protective measure was taken, such as a sign or the name's reuse."))
        )
    try:
        warning.full_clean()
    except ValidationError as error:
        raise BadBatch(error, {"measure": str(_("protective measure"))}) from None
    warning.save(update_fields=["measure"])
