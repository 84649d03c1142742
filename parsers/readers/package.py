"""Archives of files: the one readable member that looks most like a report is read, the others are named.

ZIP by ourselves, RAR and 7z by bsdtar where it is installed; names in GBK or UTF-8.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace

from parsers import tools
from parsers.exceptions import Damaged, Empty, Encrypted, Unreadable
from parsers.models import Document, Issue
from parsers.sniff import media_type
from parsers.zipped import Zipped

MOST_MEMBERS = 200             # a report with its annexes has a handful
SECONDS = 30                   # for unpacking; an honest archive takes one
_NESTED = ("application/zip", "application/vnd.rar", "application/x-7z-compressed")


def read(data: bytes) -> Document:
    """Read the fullest document inside; every other member is an issue with its name, never silently dropped."""
    return of_members(*((_members(data), []) if data.startswith(b"PK") else _unpacked(data)), media_type(data))


def of_members(members: list[tuple[str, bytes]], issues: list[Issue], kind: str) -> Document:
    """The fullest document among named files that came in one file of media type `kind`. Raises `Empty` without one."""
    found: list[tuple[str, Document]] = []
    for name, member in members:
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
    return replace(best, media_type=kind, reader=f"package/{best.reader}", issues=best.issues + tuple(issues))


def _members(data: bytes) -> list[tuple[str, bytes]]:
    inside = Zipped(data)
    names = [name for name in inside.names if not name.endswith("/") and "__MACOSX" not in name]
    return [(name, inside.read(name)) for name in names[:MOST_MEMBERS]]


def _unpacked(data: bytes) -> tuple[list[tuple[str, bytes]], list[Issue]]:
    """The members of a RAR or 7z: bsdtar makes a plain tar of it, which never touches the disk."""
    bsdtar = tools.path("bsdtar", "unpacking a RAR or 7z archive", "libarchive-tools")
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        tar, said = tools.output([bsdtar, "-cf", "-", "--format", "gnutar", "@-"], SECONDS, file)
    if "encrypt" in said.lower() or "passphrase" in said.lower():
        raise Encrypted("the archive is locked with a password; ask the publisher for an open copy")
    reason = next(iter(said.splitlines()), "it holds nothing")
    try:
        members = list(_files(tar))
    except (tarfile.TarError, EOFError, ValueError, OSError):
        members = []
    if not members:
        raise Damaged(f"the archive cannot be unpacked ({reason}); it is cut off, fetch it again")
    return members, [Issue("truncated", f"part of the archive cannot be unpacked ({reason}); fetch it again")] if said else []


def _files(tar: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(tar), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
        files = [info for info in archive if info.isreg() and "__MACOSX" not in info.name]
        for info in files[:MOST_MEMBERS]:
            member = archive.extractfile(info)
            yield _name(info.name.encode("utf-8", "surrogateescape")), member.read() if member else b""


def _name(name: bytes) -> str:
    """A name in UTF-8, else in GBK."""
    try:
        return name.decode()
    except UnicodeError:
        return name.decode("gb18030", "replace")


def _document(name: str, member: bytes) -> Document | Issue:
    from parsers import readers

    try:
        kind = media_type(member)
        if kind in _NESTED:
            return Issue("nested-archive", f"{name} is an archive inside an archive; unpack it by hand", name)
        return readers.read(member, kind)
    except Unreadable as error:
        return Issue(error.kind, f"{name}: {error}", name)
