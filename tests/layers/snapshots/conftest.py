"""Everything here reads what the test itself wrote."""

from tests.layers.publish.conftest import _shared as _shared
