"""What a file is, found in its content. Only kinds that a browser doesn't execute are kept."""

import zipfile
from dataclasses import dataclass
from typing import IO

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
)
_OFFICE: tuple[tuple[str, str, str], ...] = (
    ("word/document.xml", f"{_OPEN_XML}.wordprocessingml.document", ".docx"),
    ("xl/workbook.xml", f"{_OPEN_XML}.spreadsheetml.sheet", ".xlsx"),
    ("ppt/presentation.xml", f"{_OPEN_XML}.presentationml.presentation", ".pptx"),
)
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"#!")
AT_A_TIME = 64 * 1024


@dataclass(frozen=True)
class Kind:
    """What a file is: its content type, and how its name ends."""

    content_type: str
    ending: str
    other_endings: tuple[str, ...] = ()


def kind_of(file: IO[bytes]) -> Kind | None:
    """The kind of a file, read from its start; None for one that isn't kept."""
    file.seek(0)
    start = file.read(AT_A_TIME)
    for beginning, content_type, ending in _STARTS:
        if start.startswith(beginning):
            other = (".jpeg",) if ending == ".jpg" else ()
            return Kind(content_type, ending, other)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Kind("image/webp", ".webp")
    if start.startswith(b"PK\x03\x04"):
        return _office(file)
    return _text(file, start)


def _office(file: IO[bytes]) -> Kind | None:
    """Documents of offices without macros; other archives may hold anything."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                return None
            for part, content_type, ending in _OFFICE:
                if part in names and "[Content_Types].xml" in names:
                    return Kind(content_type, ending)
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                content_type = archive.read("mimetype").decode("ascii", "replace").strip()
                if content_type in _OPEN_DOCUMENT and not _has_scripts(names):
                    return Kind(content_type, _OPEN_DOCUMENT[content_type])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    return None


def _has_scripts(names: set[str]) -> bool:
    return any(name.startswith(("Basic/", "Scripts/")) for name in names)


def _text(file: IO[bytes], start: bytes) -> Kind | None:
    """Plain text in UTF-8 or the like, which is no markup."""
    beginning = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not beginning or beginning.startswith(_MARKUP):
        return None
    file.seek(0)
    while piece := file.read(AT_A_TIME):
        if any(byte < 32 and byte not in b"\t\n\r\f" for byte in piece):
            return None
    return Kind("text/plain", ".txt", (".csv",))
