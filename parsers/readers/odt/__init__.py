"""OpenDocument text, packed or in one flat XML file, read as it prints.

Repeated and covered cells are laid out, tracked deletions dropped, list numbers written out.

Source: OASIS OpenDocument 1.3, part 3.

`story` paragraphs, drawings and tables in reading order · `lists` numbers · `names` of the schema.
"""

from __future__ import annotations

from parsers import grids, xml
from parsers.exceptions import Damaged, Empty, Encrypted
from parsers.models import Document
from parsers.readers.odt.names import OFFICE, Element
from parsers.readers.odt.story import Reader
from parsers.readers.pictures import dropped
from parsers.zipped import Zipped


def read(data: bytes) -> Document:
    """An OpenDocument text as blocks. Raises `Damaged`, `Encrypted`, `TooLarge`, and `Empty` when it shows no words."""
    if data.lstrip()[:1] in (b"<", b"\xef"):
        flat = xml.parse(data, "the flat OpenDocument file")
        return _document(flat, [flat], _title_of(flat))
    package = Zipped(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Encrypted("the OpenDocument file is locked with a password; ask the publisher for an open copy")
    content = package.xml("content.xml")
    styles = package.xml("styles.xml") if "styles.xml" in package else None
    title = _title_of(package.xml("meta.xml")) if "meta.xml" in package else ""
    return _document(content, [root for root in (styles, content) if root is not None], title)


def _document(content: Element, roots: list[Element], title: str) -> Document:
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Damaged("the OpenDocument file holds no text; it may be a spreadsheet or be cut off")
    reader = Reader(roots)
    blocks = grids.finish(dropped([*reader.parts(body), *reader.notes]))
    if not blocks:
        raise Empty("the OpenDocument file shows no words; its text may be a picture, open it to see")
    return Document("application/vnd.oasis.opendocument.text", "odt", blocks, title=title, issues=tuple(reader.issues()))


def _title_of(root: Element) -> str:
    found = root.find(".//{http://purl.org/dc/elements/1.1/}title")
    return (found.text or "").strip() if found is not None else ""
