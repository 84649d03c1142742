"""Old office files that LibreOffice reads and we do not (Word 6 and 95, Works): made a .docx by it, where it is installed."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from parsers import tools
from parsers.exceptions import Damaged
from parsers.layout.legible import garbled
from parsers.models import Document
from parsers.readers import docx

MEDIA_TYPE = "application/msword"
SECONDS = 60           # half of what a reading process has; the first start on a machine takes 10
MEMORY = 4 << 30


def read(data: bytes) -> Document:
    """Read what LibreOffice makes of the file. Raises `NeedsTool` without it, `Damaged`, and as `docx.read` does."""
    soffice = tools.path("soffice", "reading an office file older than Word 97", "libreoffice-writer")
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        (old := Path(folder, "file.doc")).write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        _, said = tools.output(
            [soffice, profile, "--headless", "--norestore", "--convert-to", "docx", "--outdir", folder, str(old)], SECONDS,
            memory=MEMORY)
        made = old.with_suffix(".docx")
        if not made.exists():
            reason = said.splitlines()[-1] if said else "no reason given"
            raise Damaged(f"LibreOffice cannot read this office file ({reason}); open it by hand")
        document = docx.read(made.read_bytes())
    if garbled("".join(map(str, document.blocks))):
        raise Damaged("LibreOffice finds no words in this office file; open it by hand to see what it is")
    return replace(document, media_type=MEDIA_TYPE, reader="office")
