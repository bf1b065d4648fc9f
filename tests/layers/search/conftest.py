"""As in tests of publishing: everything here reads the reference data, and what the test itself wrote."""

from tests.layers.publish.conftest import _shared, statements

__all__ = ["_shared", "statements"]
