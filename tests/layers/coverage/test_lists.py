"""The list of what a target lacks, as a file."""

from layers.coverage.lists import missing_csv
from tests.layers.coverage.documents import missing, target
from tests.layers.coverage.place import D


def test_each_line_is_a_division_or_a_feature_and_no_text_is_a_formula() -> None:
    feature = {"adcode": None, "feature": "mr-1", "name": "+1", "county": None, "reason": "3A, 未达4A"}
    assert missing_csv(target(missing=[missing(D, "丁乡"), feature])) == (
        f'\ufeffadcode,feature,name,county,reason\r\n{D},,丁乡,西县,无安葬点\r\n,mr-1,\'+1,,"3A, 未达4A"\r\n'
    )


def test_a_target_that_lacks_nothing_has_a_heading_alone() -> None:
    assert missing_csv(target(missing=[])) == "\ufeffadcode,feature,name,county,reason\r\n"
