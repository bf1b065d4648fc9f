"""pyogrio without the drivers of GDAL that follow what a file names to another place: import it from here.

GDAL reads the list once, when it is loaded; it is taken away again, for the system's GDAL has other drivers.
"""

import os
import sys

SKIPPED = ("OGR_VRT", "GDALG", "HTTP", "WFS", "OAPIF", "CSW", "LIBKML")

assert "pyogrio" not in sys.modules, "pyogrio was imported with all its drivers"
os.environ["GDAL_SKIP"] = " ".join(SKIPPED)
import pyogrio  # noqa: E402

del os.environ["GDAL_SKIP"]

__all__ = ["pyogrio"]
