"""pyogrio with the drivers of GDAL that the portal uses: import it from here.

Others follow what a file names to another place, or guess at any file they are given. GDAL reads the list once, when it
is loaded; it is taken away again, for the system's GDAL has other drivers.
"""

import os
import sys

USED = ("ESRI Shapefile", "FlatGeobuf", "GPKG", "GeoJSON", "KML", "LIBKML", "MEM")
SKIPPED = (
    *("ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF", "EDIGEO", "EEDA"),
    *("ESRIJSON", "Elasticsearch", "GDALG", "GML", "GPSBabel", "GPX", "GTFS", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi"),
    *("JML", "JSONFG", "LVBAG", "MBTiles", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS"),
    *("OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PLSCENES"),
    *("PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLSX"),
)

assert "pyogrio" not in sys.modules, "pyogrio was imported with all its drivers"
os.environ["GDAL_SKIP"] = ",".join(SKIPPED)  # commas, for a name has a space
import pyogrio  # noqa: E402

del os.environ["GDAL_SKIP"]

__all__ = ["pyogrio"]
