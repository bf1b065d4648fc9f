"""Arrays as bytes, compressed, so that what a problem was solved from is kept with it."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Without anything that would be run when it is read."""
    into = BytesIO()
    np.savez_compressed(into, allow_pickle=False, **arrays)
    return into.getvalue()


def unpacked(content: bytes | memoryview) -> dict[str, NDArray[Any]]:
    with np.load(BytesIO(bytes(content)), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
