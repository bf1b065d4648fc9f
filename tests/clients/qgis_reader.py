"""Run by Debian's Python, which has QGIS: reads collections through QGIS's provider and prints what it found as JSON.

qgis_reader.py URL COLLECTION…
"""

import json
import sys

from qgis.core import QgsApplication, QgsVectorLayer

url, *collections = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
found = {}
for collection in collections:
    layer = QgsVectorLayer(f"url='{url}' typename='{collection}' pageSize='1000'", collection, "OAPIF")
    features = list(layer.getFeatures())
    found[collection] = {
        "valid": layer.isValid(),
        "fields": [field.name() for field in layer.fields()],
        "ids": [feature["id"] for feature in features],
        "names": {feature["id"]: feature["name"] for feature in features},
    }
sys.stdout.write(json.dumps(found))
del layer, features
application.exitQgis()
