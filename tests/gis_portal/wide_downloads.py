"""The portal's WSGI application with every download large, and each block of a CSV file a megabyte wider."""

from collections.abc import Generator
from dataclasses import replace

from gis_portal.wsgi import application
from layers.publish import downloads, formats
from layers.publish.formats import Features, reading

__all__ = ["application"]

downloads.AT_ONCE = 100
reading.BLOCKS = 2
narrow = formats.FORMATS["csv"].stream
assert narrow is not None


def wide(features: Features) -> Generator[bytes]:
    for block in narrow(features):
        yield block + b" " * (1 << 20)


formats.FORMATS["csv"] = replace(formats.FORMATS["csv"], stream=wide)  # type: ignore[index]
