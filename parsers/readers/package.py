"""Archives of files: the one readable member that looks most like a report is read, the others are named.

ZIP with GBK or UTF-8 names. RAR and 7z need a tool that is not installed with us.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.exceptions import Empty, NeedsTool, Unreadable
from parsers.models import Document, Issue
from parsers.sniff import media_type
from parsers.zipped import Zipped

MOST_MEMBERS = 200             # a report with its annexes has a handful
_NESTED = ("application/zip", "application/vnd.rar")


def read(data: bytes) -> Document:
    """Read the fullest document inside; every other member is an issue with its name, never silently dropped."""
    if not data.startswith(b"PK"):
        raise NeedsTool("RAR and 7z archives are not unpacked; do it with `bsdtar -xf FILE` and archive what comes out")
    found: list[tuple[str, Document]] = []
    issues: list[Issue] = []
    for name, member in _members(data):
        read_or_not = _document(name, member)
        if isinstance(read_or_not, Issue):
            issues.append(read_or_not)
        else:
            found.append((name, read_or_not))
    if not found:
        raise Empty("the archive holds no document we can read: " + "; ".join(i.message for i in issues[:5]))
    name, best = max(found, key=lambda pair: sum(len(str(block)) for block in pair[1].blocks))
    issues += [Issue("other-member", f"{other} is a document of its own; unpack the archive to read it", other)
               for other, _ in found if other != name]
    return replace(best, media_type="application/zip", reader=f"package/{best.reader}", issues=best.issues + tuple(issues))


def _members(data: bytes) -> list[tuple[str, bytes]]:
    inside = Zipped(data)
    names = [name for name in inside.names if not name.endswith("/") and "__MACOSX" not in name]
    return [(name, inside.read(name)) for name in names[:MOST_MEMBERS]]


def _document(name: str, member: bytes) -> Document | Issue:
    from parsers import readers

    try:
        kind = media_type(member)
        if kind in _NESTED:
            return Issue("nested-archive", f"{name} is an archive inside an archive; unpack it by hand", name)
        return readers.read(member, kind)
    except Unreadable as error:
        return Issue(error.kind, f"{name}: {error}", name)
