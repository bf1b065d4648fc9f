"""Public places with the names that they are known to have had when: one document, made by the database.

A place stands where the public is told that it lies. A name without any year is not among those of a time.
"""

from functools import cache

from heritage.models import Picture, Place, PlaceName
from layers.publish import freshness
from layers.publish.statements import Statement

COLUMNS = ("code", "handle", "name", "category", "lon", "lat", "picture", "names")
OF_NAME = ("name", "roman", "role", "start_earliest", "start_latest", "end_earliest", "end_latest", "time_text")
PLACES = """
    WITH timed AS (
        SELECT place, json_agg(json_build_array(
            name, roman, role, start_earliest, start_latest, end_earliest, end_latest, time_text) ORDER BY position, id) AS names
        FROM heritage_placename
        WHERE coalesce(start_earliest, start_latest, end_earliest, end_latest) IS NOT NULL
        GROUP BY place
    ), pictured AS (
        SELECT DISTINCT ON (place) place, file FROM heritage_picture ORDER BY place, position, id
    )
    SELECT json_build_object(
        'columns', %s::text[], 'of_name', %s::text[], 'count', count(*), 'timed', count(timed.place),
        'places', coalesce(json_agg(json_build_array(
            root.code, root.handle, root.name, root.category, round(ST_X(root.location)::numeric, 6),
            round(ST_Y(root.location)::numeric, 6), pictured.file, timed.names) ORDER BY root.code), '[]')
    )::text
    FROM heritage_place AS root
    LEFT JOIN timed ON timed.place = root.id
    LEFT JOIN pictured ON pictured.place = root.id
    WHERE root.published AND root.merged_into_id IS NULL
"""


def version() -> int:
    """A number that rises with every committed change of what the document is made of."""
    return freshness.version_of_tables([model._meta.db_table for model in (Place, PlaceName, Picture)])


def document() -> bytes:
    """JSON. count: of all places; timed: of those with a name of known time; places: a row each of ``columns``, its names
    rows of ``of_name``."""
    (text,) = _statement().run()
    return str(text).encode()


@cache
def _statement() -> Statement:
    return Statement(PLACES, (list(COLUMNS), list(OF_NAME)))
