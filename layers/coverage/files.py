"""Writing a file whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Puts the text into the file at once: a reader sees the old content or the new, never half. Raises OSError."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8", newline="")  # a pipe or a device has no name to be replaced
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with partial.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
