"""Which parts of a Word file say something: by relationships in a package, by name in one XML document."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from parsers import xml
from parsers.exceptions import Damaged
from parsers.readers import DOCX
from parsers.readers.docx.markup import Element, W
from parsers.zipped import Zipped

_WORDML = "application/x-wordml"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"

#: namespaces of other editions → the transitional one, changed in the bytes, so that the rest knows one spelling
_EDITIONS = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://schemas.microsoft.com/office/word/2003/wordml",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a Word file that say something about its words; `numbering` is read when a paragraph has a number."""

    media_type: str
    body: Element
    styles: Element | None
    numbering: Callable[[], Element | None]
    notes: tuple[Element, ...]
    title: str


def unpacked(data: bytes) -> Parts:
    """The parts of a Word file, whatever its edition. Raises `Damaged`, `Encrypted`, `TooLarge`."""
    return _flat(data) if data.lstrip()[:1] in (b"<", b"\xef", b"\xff", b"\xfe") else _zipped(data)


def _zipped(data: bytes) -> Parts:
    package = Zipped(data)

    def part(name: str) -> Element | None:
        return _edition(package.read(name), name) if name in package else None

    return _found(part, DOCX)


def _found(part: Callable[[str], Element | None], media_type: str) -> Parts:
    main = _path(_targets(part("_rels/.rels")).get("officeDocument", "word/document.xml"), "")
    root = part(main)
    if root is None:
        raise Damaged("the Word file has no main document; it is incomplete, fetch it again")
    folder, name = posixpath.split(main)
    targets = _targets(part(f"{folder}/_rels/{name}.rels"))

    def beside(kind: str) -> Element | None:
        return part(_path(targets.get(kind, f"{kind}.xml"), folder))

    notes = (beside("footnotes"), beside("endnotes"))
    body = root.find(f"{W}body")
    if body is None:
        raise Damaged("the Word file has no text body; it is incomplete, fetch it again")
    return Parts(media_type, body, beside("styles"), lambda: beside("numbering"),
                  tuple(root for root in notes if root is not None), _title(part("docProps/core.xml")))


def _flat(data: bytes) -> Parts:
    """A Word file in one XML document: flat OPC carries its parts by name, Word 2003 all in one tree."""
    root = _edition(data, "the Word XML file")
    if root.tag == f"{_FLAT}package":
        named = {str(part.get(f"{_FLAT}name")).lstrip("/"): next(iter(child), None) for part in root
                 for child in part if child.tag == f"{_FLAT}xmlData"}
        return _found(named.get, _WORDML)
    body = root.find(f"{W}body")
    if body is None:
        raise Damaged("the Word XML file has no text body; it is incomplete, fetch it again")
    title = next((str(node.text or "") for node in root.iter("{*}Title")), "")
    return Parts(_WORDML, body, root.find(f"{W}styles"), lambda: root.find(f"{W}lists"), (), title.strip())


def _edition(data: bytes, name: str) -> Element:
    for other, usual in _EDITIONS:
        data = data.replace(other, usual)
    return xml.parse(data, name)


def _targets(rels: Element | None) -> dict[str, str]:
    """Where the relationships of a part lead inside the package, by kind; the first of each."""
    found: dict[str, str] = {}
    for rel in rels if rels is not None else ():
        if rel.get("TargetMode") != "External":
            found.setdefault((rel.get("Type") or "").rpartition("/")[2], rel.get("Target") or "")
    return found


def _path(target: str, folder: str) -> str:
    """A target as a path from the root of the package."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _title(core: Element | None) -> str:
    found = core.find("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    return (found.text or "").strip() if found is not None else ""
