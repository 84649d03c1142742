"""Counts what was read: exact, missing, wrong, invented, and blanks and zeros taken for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.foreign.report import Made
from tests.generator.judge import read_cells


@dataclass(slots=True)
class Score:
    """Cells by fate; `notes` names each that is not exact."""

    exact: int = 0
    missing: int = 0
    wrong: int = 0
    invented: int = 0
    confused: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def lies(self) -> int:
        return self.wrong + self.invented + self.confused

    def __iadd__(self, other: Score) -> Score:
        for name in ("exact", "missing", "wrong", "invented", "confused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.notes += other.notes
        return self


def score(made: Made, shown: Mapping[str, Any]) -> Score:
    """The fate of every printed cell, and of every cell that was never printed."""
    found = read_cells(shown)
    result = Score()
    for key, written in made.cells.items():
        if key[1].startswith("local:") and key not in found and written.value is None:
            continue                                   # a province's own row that says nothing is not kept
        cell = found.get(key)
        told = None if cell is None or cell["value"] is None else Decimal(str(cell["value"]))
        true = None if written.value is None else Decimal(written.value)
        fate = _fate(told, true, cell, written.may_abstain)
        setattr(result, fate, getattr(result, fate) + 1)
        if fate != "exact":
            result.notes.append(
                f"{fate}: {'.'.join(filter(None, key))} {written.text!r} read "
                f"{None if cell is None else (cell['raw'], cell['value'], cell['status'])}"
            )
    for key, cell in found.items():
        if key not in made.cells and cell["value"] is not None:
            result.invented += 1
            result.notes.append(f"invented: {'.'.join(filter(None, key))} {cell['raw']!r}")
    return result


def _fate(told: Decimal | None, true: Decimal | None, cell: Mapping[str, Any] | None, may_abstain: bool) -> str:
    if told == true:
        return "missing" if cell is None and true is None else "exact"
    if told is None:
        return "exact" if may_abstain and cell is not None else "confused" if cell and cell["status"] == "blank" else "missing"
    return "confused" if true is None else "wrong"
