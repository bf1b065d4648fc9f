"""Packing an answer as its asker accepts, at the levels that bench/compression.py found to be worth their time."""

import re

import brotli  # type: ignore[import-untyped]
from isal import isal_zlib

WORTH_PACKING = 1400  # bytes: less than a packet gains nothing
# As small as zlib's usual level at a sixth of its time.
GZIP_LEVEL = 2
# A sixth smaller than gzip at ten times its cost: for what is kept, so that it is packed once and sent often.
BROTLI_QUALITY = 5
CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?\s*")


def packed(body: bytes, accept_encoding: str, *, is_kept: bool = False) -> tuple[bytes, str]:
    """The body as it is sent, and the Content-Encoding of it, empty when it is sent as it is.

    accept_encoding: the header (RFC 9110, 12.5.3). is_kept: whether browsers and proxies keep the answer for long.
    """
    if len(body) <= WORTH_PACKING:
        return body, ""
    accepted = _accepted(accept_encoding)
    if is_kept and "br" in accepted:
        return brotli.compress(body, quality=BROTLI_QUALITY), "br"
    if "gzip" in accepted:
        return isal_zlib.compress(body, level=GZIP_LEVEL, wbits=31), "gzip"
    return body, ""


def _accepted(header: str) -> set[str]:
    """The codings named without a weight of nothing."""
    named = (CODING.fullmatch(part) for part in header.lower().split(","))
    return {found[1] for found in named if found and (found[2] or "1").strip("0.")}
