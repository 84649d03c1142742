"""Golden files of the formats with markup: what each reader makes of a whole file, to be reviewed like code.

A case without `expected.json` gets one and fails: read it, then run the tests again.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from parsers import read
from parsers.models import Document, Paragraph

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(case for kind in ("html", "docx", "rtf", "odt") for case in (GOLDEN / kind).iterdir())


def shown(document: Document) -> dict[str, Any]:
    """A document as plain data: paragraphs as [where, level, text], tables as [where, rows of [column, spans, text]]."""
    blocks: list[Any] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            blocks.append([block.where, block.heading, block.text])
        else:
            rows = [[f"{c.column} {c.rowspan}x{c.colspan} {c.text}" for c in row] for row in block.rows()]
            blocks.append([block.where, rows])
    return {"media_type": document.media_type, "reader": document.reader, "title": document.title,
            "metas": dict(document.metas), "links": [dataclasses.asdict(link) for link in document.links],
            "issues": [issue.kind for issue in document.issues], "blocks": blocks}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_golden(case: Path) -> None:
    found = shown(read(next(case.glob("input.*")).read_bytes()))
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"wrote {expected}: read it, then run the tests again")
    assert found == json.loads(expected.read_text("utf-8"))
