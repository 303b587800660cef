"""Files as programs write them, and what is no such file."""

import pytest

from paidup.accounting_sync.text_file import FileRefused, Table, opened

TEXT = "Account Number;Näme\n1;Müller, GmbH\n\n2;“Łódź”\n"


def rows(table: Table) -> list[tuple[int, list[str]]]:
    return list(table.lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_and_without_a_mark(encoding: str) -> None:
    table = opened(TEXT.encode(encoding))
    assert table.header == ["Account Number", "Näme"]
    assert rows(table) == [(2, ["1", "Müller, GmbH"]), (4, ["2", "“Łódź”"])]


def test_windows_1252_is_told_by_what_is_no_utf_8() -> None:
    table = opened("Name\tTown\nMüller\t€-Straße\n".encode("cp1252"))
    assert rows(table) == [(2, ["Müller", "€-Straße"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    lines = [["a", "b", "c"], ["1,5;2|3", "x", "y\nz"], ["1", "2", "3"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    table = opened(text.encode())
    assert table.header == lines[0]
    assert rows(table) == [(2, lines[1]), (4, lines[2])]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\x81", "it isn't text"),
        (b"PK\x03\x04\x14\0\x06\0", "Save it as “CSV UTF-8”"),
        (b"\xff\xfea", "it isn't text"),
        ("a,b\n1,2\n".encode("utf-16-le"), "it isn't text"),
        (b"a,\xe9\n\x01,2\n", "it isn't text"),
    ],
)
def test_what_is_no_text(content: bytes, complaint: str) -> None:
    with pytest.raises(FileRefused, match=complaint):
        opened(content)


def test_a_quote_that_never_ends() -> None:
    table = opened(b'a,b\n1,2\n3,"' + b"x" * 200_000)
    with pytest.raises(FileRefused, match="from line 3 on"):
        rows(table)
