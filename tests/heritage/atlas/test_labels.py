"""Numbers beside points: none covers another or a point, and each is led to its own."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from heritage.atlas.labels import Board, Box, crowded, placed

FRAME = Box(0, 0, 170, 190)
SIZE, RADIUS = 2.7, 0.85
INSIDE = st.tuples(st.floats(20, 150), st.floats(20, 170))


def labels(*points: tuple[float, float]) -> list:
    texts = [(str(number), point) for number, point in enumerate(points, 1)]
    return placed(texts, Board(FRAME), size=SIZE, radius=RADIUS)


def test_a_lone_number_stands_to_the_right_of_its_point() -> None:
    (label,) = labels((50.0, 50.0))
    assert (label.text, label.at, label.is_led) == ("1", (50.0, 50.0), False)
    assert label.box.left > 50 + RADIUS
    assert label.box.middle[1] == 50


def test_numbers_of_one_point_stand_together() -> None:
    found = labels((50.0, 50.0), (50.0, 50.0), (90.0, 50.0))
    assert sorted(label.text for label in found) == ["1、2", "3"]


@given(st.lists(INSIDE, min_size=1, max_size=40, unique=True))
def test_no_number_covers_another_or_a_point(points: list[tuple[float, float]]) -> None:
    found = labels(*points)
    assert len(found) == len(points)
    for one, other in combinations(found, 2):
        assert not one.box.meets(other.box)
    dots = [Box.around(x, y, 2 * RADIUS, 2 * RADIUS) for x, y in points]
    assert not any(label.box.meets(dot) for label in found for dot in dots)
    assert all(FRAME.holds(label.box) for label in found)


def test_where_there_is_no_room_a_number_stands_beside_its_point_all_the_same() -> None:
    board = Board(Box(0, 0, 4, 4))
    (label,) = placed([("12", (2.0, 2.0))], board, size=SIZE, radius=RADIUS)
    assert (label.at, label.is_led) == ((2.0, 2.0), False)


def test_far_numbers_are_led_to_their_points() -> None:
    close = [(80 + column * 1.0, 90 + row * 1.0) for column in range(5) for row in range(5)]
    assert {label.is_led for label in labels(*close)} == {False, True}


def test_crowds_are_told_from_what_stands_alone() -> None:
    crowd = [(float(x), 10.0) for x in range(8)]
    assert crowded([*crowd, (100.0, 100.0)], near=2, least=7) == [crowd]
    assert crowded(crowd, near=2, least=9) == []
    assert crowded(crowd, near=0.5, least=2) == []
