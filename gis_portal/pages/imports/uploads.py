"""Files that come in, written to disk piece by piece."""

from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from layers.imports import batches


class OnDisk(FileUploadHandler):
    """Writes a file into the folder of imports as it comes: the usual place, /tmp, is memory in a container."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        batches.folder().mkdir(parents=True, exist_ok=True)
        self.written = NamedTemporaryFile(dir=batches.folder())  # noqa: SIM115  it is gone when it is closed

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  Django's signature
        self.written.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.written.seek(0)
        return UploadedFile(self.written, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        self.written.close()
