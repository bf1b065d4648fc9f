"""The SQL of the check of doorplates; each statement fills or reads a temporary table of the transaction.

``plate`` has the current plates that are looked at, ``street`` what they stand along, ``door`` one plate of each number
that has a place, with its neighbours. Positions are metres in EPSG:4549. A stretch is one street, unless the numbers
come again in one community after another: then each community has a street of that name.
"""

OWN_NUMBER = ("large", "medium", "small")  # plate kinds with a door number of their own; the others stand behind a door
RETIRED_YEARS = 5  # after which a retired plate no longer explains that its number is gone
REPEATED = 1 / 3  # share of a stretch's doors in several communities, from which on each has its own street
LEAST_STEPS = 2  # pairs of neighbours from which the step of a street is known
LEAST_STEP_M = 2  # below it plates stand on one point, and their places tell nothing
LEAST_DOORS = 4  # from which on a door can be far from the others
ROOM_STEPS = 1.5  # steps between neighbours, more than which leave room for a number between them
FAR_M, FAR_STEPS = 200, 5
BENT_M = 3.0  # out of the line through its neighbours: the street's order is looked at door by door

MEMORY = "SET LOCAL work_mem = '256MB'"  # millions of plates are sorted several times
PLATES = """
CREATE TEMPORARY TABLE plate ON COMMIT DROP AS
SELECT code COLLATE "C" AS code, township_claimed COLLATE "C" AS township, township_located COLLATE "C" AS located,
       stretch COLLATE "C" AS stretch, community COLLATE "C" AS community, street <> '' AS is_street, town,
       door COLLATE "C" AS door, number, standard_address COLLATE "C" AS address, location, location_4549 AS place,
       plate_kind = ANY(%(own)s) AS is_door
FROM layers_digitaldoorplate WHERE status = 'current' AND (%(township)s = '' OR township_claimed = %(township)s)
"""
STREETS = """
CREATE TEMPORARY TABLE street ON COMMIT DROP AS
WITH numbered AS (
    SELECT township, stretch, community, door FROM plate WHERE is_door AND number IS NOT NULL GROUP BY 1, 2, 3, 4
), said AS (
    SELECT township, stretch, door, count(*) AS times FROM numbered GROUP BY 1, 2, 3
), repeated AS (
    SELECT township, stretch FROM said GROUP BY 1, 2 HAVING avg((times > 1)::int) > %(repeated)s
)
SELECT row_number() OVER () AS id, township, stretch, part AS community, is_split FROM (
    SELECT DISTINCT plate.township, plate.stretch, CASE WHEN r.stretch IS NULL THEN '' ELSE community END AS part,
           r.stretch IS NOT NULL AS is_split
    FROM plate LEFT JOIN repeated AS r USING (township, stretch)) AS found
"""
# One plate a number: the one of the plain number before 12-1 and the like.
DOORS = """
CREATE TEMPORARY TABLE door ON COMMIT DROP AS
WITH one AS (
    SELECT DISTINCT ON (s.id, number) s.id AS street, number, code, is_street, ST_X(place) AS x, ST_Y(place) AS y
    FROM plate AS p JOIN street AS s ON s.township = p.township AND s.stretch = p.stretch
         AND (NOT s.is_split OR s.community = p.community)
    WHERE is_door AND number IS NOT NULL AND place IS NOT NULL
    ORDER BY s.id, number, length(door), code
)
SELECT one.*,
       lag(number) OVER side AS n1, lag(x) OVER side AS x1, lag(y) OVER side AS y1,
       lead(number) OVER side AS n2, lead(x) OVER side AS x2, lead(y) OVER side AS y2,
       lag(x, 2) OVER side AS x11, lag(y, 2) OVER side AS y11, lead(x, 2) OVER side AS x22, lead(y, 2) OVER side AS y22
FROM one WINDOW side AS (PARTITION BY street, number %% 2 ORDER BY number)
"""
STEPS = """
CREATE TEMPORARY TABLE step ON COMMIT DROP AS
SELECT street, count(*) AS doors,
       CASE WHEN count(n2) FILTER (WHERE n2 = number + 2) >= %(least_steps)s
            THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY sqrt((x2 - x) ^ 2 + (y2 - y) ^ 2))
                 FILTER (WHERE n2 = number + 2) END AS step_m
FROM door GROUP BY street
"""
INDEXES = "CREATE INDEX ON step (street); CREATE INDEX ON street (id); ANALYZE plate (code, township, stretch, community); ANALYZE street; ANALYZE door (street, number, code); ANALYZE step"
FIRST = (MEMORY, PLATES, STREETS, DOORS, STEPS, INDEXES)
COUNTS = """
SELECT (SELECT count(*) FROM plate), (SELECT count(*) FROM plate WHERE place IS NULL),
       (SELECT count(*) FROM plate WHERE is_door), (SELECT count(DISTINCT street) FROM door)
"""

# The findings: township, stretch, community, number, plates, longitude, latitude, then what each has besides.

# A gap between neighbours of a side. What a planned, reserved or lately retired plate stands for is not missing.
MISSING = """
WITH gap AS (
    SELECT d.*, step_m, sqrt((x2 - x) ^ 2 + (y2 - y) ^ 2) AS free_m FROM door AS d JOIN step USING (street)
    WHERE n2 > number + 2 AND step_m >= %(least_step_m)s AND doors >= %(least_doors)s
), roomy AS (SELECT * FROM gap WHERE free_m > %(room)s * step_m),
explained AS (
    SELECT r.street, r.number, count(DISTINCT p.number) AS numbers
    FROM roomy AS r JOIN street AS s ON s.id = r.street
    JOIN layers_digitaldoorplate AS p ON p.stretch = s.stretch AND p.township_claimed = s.township
         AND (NOT s.is_split OR p.community = s.community)
         AND p.number BETWEEN r.number + 1 AND r.n2 - 1 AND p.number %% 2 = r.number %% 2
    WHERE p.status IN ('current', 'planned', 'reserved', 'unknown')
       OR (p.status = 'retired' AND coalesce(p.retired_on >= %(retired_since)s, true))
    GROUP BY 1, 2
)
SELECT s.township, s.stretch, s.community, r.number, ARRAY[r.code, p.code],
       (ST_X(q.location) + ST_X(p.location)) / 2, (ST_Y(q.location) + ST_Y(p.location)) / 2,
       r.n2, (r.n2 - r.number) / 2 - 1 - coalesce(e.numbers, 0), r.free_m, r.step_m
FROM (SELECT roomy.*, lead.code AS next FROM roomy JOIN door AS lead ON lead.street = roomy.street AND lead.number = roomy.n2) AS r
JOIN street AS s ON s.id = r.street JOIN plate AS q ON q.code = r.code JOIN plate AS p ON p.code = r.next
LEFT JOIN explained AS e ON e.street = r.street AND e.number = r.number
WHERE (r.n2 - r.number) / 2 - 1 > coalesce(e.numbers, 0)
"""
# Found by hashing first: to list the codes of each address in order is to sort all of them.
SAME_ADDRESS = """
WITH twice AS (SELECT township, address FROM plate WHERE address <> '' GROUP BY 1, 2 HAVING count(*) > 1)
SELECT township, min(stretch), '', min(number), array_agg(code ORDER BY code), avg(ST_X(location)), avg(ST_Y(location)),
       address
FROM twice JOIN plate USING (township, address) GROUP BY township, address
"""
SAME_NUMBER = """
WITH numbered AS (
    SELECT s.id, s.township, s.stretch, s.community, number, door, address, code, location
    FROM plate AS p JOIN street AS s ON s.township = p.township AND s.stretch = p.stretch
         AND (NOT s.is_split OR s.community = p.community)
    WHERE is_door AND number IS NOT NULL
), twice AS (SELECT id, door FROM numbered GROUP BY 1, 2 HAVING count(*) > 1)
SELECT township, stretch, community, min(number), array_agg(code ORDER BY code), avg(ST_X(location)), avg(ST_Y(location)),
       door
FROM twice JOIN numbered USING (id, door) GROUP BY id, township, stretch, community, door
HAVING count(DISTINCT address) > 1
"""
# A door is far when it is far from each of the two numbers before and after it; for numbers left out, as far as they reach.
FAR = """
WITH near AS (
    SELECT street, number, code, x, y,
           lag(number) OVER along AS na, lag(x) OVER along AS xa, lag(y) OVER along AS ya,
           lag(number, 2) OVER along AS nb, lag(x, 2) OVER along AS xb, lag(y, 2) OVER along AS yb,
           lead(number) OVER along AS nc, lead(x) OVER along AS xc, lead(y) OVER along AS yc,
           lead(number, 2) OVER along AS nd, lead(x, 2) OVER along AS xd, lead(y, 2) OVER along AS yd
    FROM door WINDOW along AS (PARTITION BY street ORDER BY number)
), beside AS (
    SELECT near.*, step_m,
           sqrt((x - xa) ^ 2 + (y - ya) ^ 2) AS a_m, sqrt((x - xb) ^ 2 + (y - yb) ^ 2) AS b_m,
           sqrt((x - xc) ^ 2 + (y - yc) ^ 2) AS c_m, sqrt((x - xd) ^ 2 + (y - yd) ^ 2) AS d_m
    FROM near JOIN step USING (street) WHERE doors >= %(least_doors)s
), far AS (
    SELECT beside.*, greatest(%(far_m)s, %(far_steps)s * coalesce(step_m, 0)) AS allowed_m FROM beside
    WHERE least(a_m, b_m, c_m, d_m) > greatest(%(far_m)s, %(far_steps)s * coalesce(step_m, 0))
      AND coalesce(a_m > step_m * (number - na), true) AND coalesce(b_m > step_m * (number - nb), true)
      AND coalesce(c_m > step_m * (nc - number), true) AND coalesce(d_m > step_m * (nd - number), true)
)
SELECT s.township, s.stretch, s.community, far.number, ARRAY[far.code], ST_X(location), ST_Y(location),
       least(a_m, b_m, c_m, d_m), allowed_m
FROM far JOIN street AS s ON s.id = far.street JOIN plate AS p ON p.code = far.code
"""
# Streets in which a door makes the way along its side longer by more than a step, or stands out of its neighbours' line.
BENT = """
WITH looked AS (
    SELECT street, step_m, sqrt((x - x1) ^ 2 + (y - y1) ^ 2) + sqrt((x2 - x) ^ 2 + (y2 - y) ^ 2) - sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2) AS detour_m,
           x, y, coalesce(x1, x22) AS xa, coalesce(y1, y22) AS ya, coalesce(x2, x11) AS xb, coalesce(y2, y11) AS yb
    FROM door JOIN step USING (street) WHERE is_street AND step_m >= %(least_step_m)s
), bent AS (
    SELECT DISTINCT street FROM looked
    WHERE detour_m > step_m
       OR abs((xb - xa) * (y - ya) - (yb - ya) * (x - xa)) > %(bent_m)s * nullif(sqrt((xb - xa) ^ 2 + (yb - ya) ^ 2), 0)
)
SELECT s.id, s.township, s.stretch, s.community, step_m, d.number, d.code, x, y, ST_X(location), ST_Y(location)
FROM bent JOIN street AS s ON s.id = bent.street JOIN step ON step.street = s.id JOIN door AS d ON d.street = s.id
JOIN plate AS p ON p.code = d.code
WHERE NOT d.code = ANY(%(far)s) ORDER BY s.id, d.number
"""
# Over an approximate boundary a difference is a note: the point, the claim or the outline may be what is wrong.
TOWNSHIPS = """
WITH township AS (
    SELECT code, name, boundary_quality IN ('surveyed', 'published') AS firm FROM layers_division
    WHERE level = 'township' AND (valid_from IS NULL OR valid_from <= %(today)s) AND (valid_to IS NULL OR valid_to > %(today)s)
)
SELECT p.township, p.stretch, s.community, p.number, ARRAY[p.code], ST_X(location), ST_Y(location),
       coalesce(claimed.name, p.township), located.name, coalesce(claimed.firm, true) AND coalesce(located.firm, true)
FROM plate AS p JOIN street AS s ON s.township = p.township AND s.stretch = p.stretch AND (NOT s.is_split OR s.community = p.community)
LEFT JOIN township AS claimed ON claimed.code = p.township LEFT JOIN township AS located ON located.code = p.located
WHERE location IS NOT NULL AND located IS DISTINCT FROM p.township
"""
TOWNS = """
SELECT p.township, p.stretch, s.community, p.number, ARRAY[p.code], ST_X(location), ST_Y(location), town, d.name
FROM plate AS p JOIN street AS s ON s.township = p.township AND s.stretch = p.stretch AND (NOT s.is_split OR s.community = p.community)
JOIN layers_division AS d ON d.level = 'township' AND d.code = p.township
     AND (d.valid_from IS NULL OR d.valid_from <= %(today)s) AND (d.valid_to IS NULL OR d.valid_to > %(today)s)
WHERE town NOT IN ('', d.name)
"""

# The doors that plates are compared with.

SURVEYED = "CREATE TEMPORARY TABLE surveyed (row bigint, place geometry) ON COMMIT DROP"
COPY_SURVEYED = "COPY surveyed (row, place) FROM STDIN"
PLACE_SURVEYED = """
UPDATE surveyed SET place = ST_Transform(place, 4549);
CREATE INDEX ON surveyed USING gist (place);
CREATE INDEX ON plate USING gist (place);
ANALYZE surveyed
"""
COUNT_SURVEYED = """
SELECT count(*), count(*) FILTER (WHERE ST_DWithin(place, (SELECT ST_SetSRID(ST_Extent(place)::geometry, 4549) FROM plate), 5000))
FROM surveyed
"""
# Only within the hull of what was surveyed: beyond it nobody has looked.
PLATES_WITHOUT_DOOR = """
WITH hull AS (SELECT ST_Buffer(ST_ConvexHull(ST_Collect(ST_Envelope(place))), %(reach_m)s) AS ground FROM surveyed)
SELECT p.township, p.stretch, s.community, p.number, ARRAY[p.code], ST_X(location), ST_Y(location), %(reach_m)s::float8
FROM hull, plate AS p JOIN street AS s ON s.township = p.township AND s.stretch = p.stretch AND (NOT s.is_split OR s.community = p.community)
WHERE is_door AND ST_Covers(hull.ground, p.place)
  AND NOT EXISTS (SELECT FROM surveyed AS d WHERE ST_DWithin(d.place, p.place, %(reach_m)s))
"""
DOORS_WITHOUT_PLATE = """
WITH bare AS (
    SELECT row, place, ST_Transform(ST_PointOnSurface(place), 4490) AS location FROM surveyed AS d
    WHERE NOT EXISTS (SELECT FROM plate AS p WHERE ST_DWithin(d.place, p.place, %(reach_m)s))
)
SELECT coalesce(layers_township_at(location), beside.township, ''), coalesce(beside.stretch, ''), coalesce(s.community, ''),
       beside.number, ARRAY[]::text[], ST_X(location), ST_Y(location), row, %(reach_m)s::float8
FROM bare LEFT JOIN LATERAL (
    SELECT p.township, p.stretch, p.community, p.number FROM plate AS p
    WHERE ST_DWithin(p.place, bare.place, %(near_m)s) ORDER BY p.place <-> bare.place LIMIT 1) AS beside ON true
LEFT JOIN street AS s ON s.township = beside.township AND s.stretch = beside.stretch
     AND (NOT s.is_split OR s.community = beside.community)
WHERE %(township)s = '' OR coalesce(layers_township_at(location), beside.township, '') = %(township)s
"""
DROP = "DROP TABLE plate, street, door, step; DROP TABLE IF EXISTS surveyed"
