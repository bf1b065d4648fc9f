"""GeoParquet 1.1: Parquet with the geometry as WKB, x first, and its CRS as PROJJSON."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from layers.publish.formats import arrow
from layers.publish.formats.about import about
from layers.publish.formats.reading import Features

GROUP_ROWS = 50_000


def geoparquet(features: Features, path: Path) -> None:
    batches = arrow.reader(features)
    metadata = {"about": json.dumps(about(features).document, ensure_ascii=False)}
    if features.writing.has_geometry:
        metadata["geo"] = json.dumps(_geo(features), ensure_ascii=False)
    schema = batches.schema.with_metadata(metadata)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in batches:
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting, batches.schema).cast(schema), GROUP_ROWS)
                waiting.clear()
        writer.write_table(pa.Table.from_batches(waiting, batches.schema).cast(schema), GROUP_ROWS)


def _geo(features: Features) -> dict[str, Any]:
    """The metadata that the specification asks for; without a CRS a reader would take OGC:CRS84, null is unknown."""
    kind = "Point" if features.layer.has_points else "MultiPolygon"
    crs = features.writing.crs
    described = {
        "encoding": "WKB",
        "geometry_types": [kind],
        "crs": pyproj.CRS.from_epsg(crs.srid).to_json_dict() if crs.is_defined else None,
    }
    return {"version": "1.1.0", "primary_column": arrow.GEOMETRY, "columns": {arrow.GEOMETRY: described}}
