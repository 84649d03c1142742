"""The panel for Stata: short ASCII names, Chinese labels, and Stata's own letters for cells without a value.

`.` nothing printed or no report, `.a` blank, `.b` not applicable, `.c` column lost, `.d` ambiguous, `.e` words, `.f` doubtful
OCR. Needs the `release` extra.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from archive.exceptions import ArchiveError
from archive.export import whole
from archive.export.tables import NO_VALUE, NoValue, Value, tables

LETTERS = dict(zip(NO_VALUE, ascii_lowercase, strict=False))


def write(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write panel.dta into `folder`; returns what was written.

    Raises `ArchiveError` when pyreadstat is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pandas, pyreadstat = _tools()
    panel = tables(db)[0]
    rows = [[_stata(value) for value in row] for row in panel.rows()]
    names = [column.name for column in panel.columns]
    frame = pandas.DataFrame({name: pandas.Series([row[at] for row in rows], dtype=object) for at, name in enumerate(names)})
    for column in panel.columns:
        if column.type == "string":
            frame[column.name] = frame[column.name].fillna("")
        elif not column.cell:
            frame[column.name] = frame[column.name].astype(float)
    with whole(folder / "panel.dta") as draft:
        pyreadstat.write_dta(frame, draft, file_label="nianbao panel", version=15,
                             column_labels=[column.label for column in panel.columns],
                             missing_user_values={c.name: list(ascii_lowercase) for c in panel.columns if c.cell})
    return [folder / "panel.dta"]


def _stata(value: Value) -> Value:
    return LETTERS.get(value, "z") if isinstance(value, NoValue) else value


def _tools() -> tuple[Any, Any]:
    try:
        import pandas
        import pyreadstat
    except ImportError:
        raise ArchiveError("Stata files need pyreadstat: pip install -e '.[release]'") from None
    return pandas, pyreadstat
