"""Packing as the asker accepts."""

import gzip

import brotli
import pytest

from layers.publish.compression import WORTH_PACKING, packed

BODY = b'{"name":"\xe7\xbb\x8d\xe5\x85\xb4"},' * 400


@pytest.mark.parametrize(
    ("accepted", "encoding", "encoding_of_kept"),
    [
        ("", "", ""),
        ("identity", "", ""),
        ("gzip", "gzip", "gzip"),
        ("GZIP;q=0.5", "gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip", "br"),
        ("br", "", "br"),
        ("br;q=0, gzip", "gzip", "gzip"),
        ("br; q=0.0 , gzip;q=0.000", "", ""),
        ("xgzip, gzipx, gzip;level=9", "", ""),
        (",,;;q=", "", ""),
    ],
)
def test_body_is_packed_as_it_is_accepted(accepted: str, encoding: str, encoding_of_kept: str) -> None:
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
    for is_kept, expected in ((False, encoding), (True, encoding_of_kept)):
        body, found = packed(BODY, accepted, is_kept=is_kept)
        assert found == expected
        assert unpack[found](body) == BODY
        assert (len(body) < len(BODY)) == bool(found)


def test_what_fits_a_packet_is_left_as_it_is() -> None:
    assert packed(BODY[:WORTH_PACKING], "gzip, br", is_kept=True) == (BODY[:WORTH_PACKING], "")
    assert packed(BODY[: WORTH_PACKING + 1], "gzip")[1] == "gzip"
