"""Addresses as people write them, against what was read by hand; and what is read, printed and read again."""

from collections import Counter

import pytest

from layers.addresses import parse
from tests.layers.addresses.reference import Golden, gazetteer, golden, said

LEAST_ADDRESSES, LEAST_RIGHT = 300, 0.98


def test_nearly_every_golden_address_is_read_whole() -> None:
    wrong = {
        address.text: {"is": found, "should be": address.expected}
        for address in golden()
        if (found := said(parse(address.text, gazetteer()))) != address.expected
    }
    assert len(golden()) >= LEAST_ADDRESSES
    assert 1 - len(wrong) / len(golden()) >= LEAST_RIGHT, wrong


def test_golden_addresses_are_told_once_and_every_rule_has_several() -> None:
    assert [text for text, times in Counter(address.text for address in golden()).items() if times > 1] == []
    assert [rule for rule, times in Counter(address.rule for address in golden()).items() if times < 2] == []


@pytest.mark.parametrize("address", golden(), ids=lambda address: address.text or "nothing")
def test_the_standard_form_is_read_as_what_it_was_printed_from(address: Golden) -> None:
    once = parse(address.text, gazetteer())
    again = parse(once.standard, gazetteer())
    assert (again.components, again.standard) == (once.components, once.standard)
