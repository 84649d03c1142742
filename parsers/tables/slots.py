"""What a printed cell is, and a row of them: the words of every other module here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from parsers import flat, labels, values
from parsers.records import record


class Print(NamedTuple):
    """What a printed cell is, whatever stands around it.

    Its words; whether there are any, and whether they are a label rather than a value; whether they head a column that the
    form has not, or one of an applicant.
    """

    text: str
    filled: bool
    label: bool
    added: bool
    applicant: bool


@lru_cache(8192)
def print_of(text: str) -> Print:
    """What the words of a cell are; remembered, since the same words fill every report."""
    filled = values.filled(text)
    added = any(labels.known(name, text) for name in ("remark_columns", "unit_columns", "number_columns"))
    return Print(text.strip(), filled, filled and not flat.is_value(text), added, labels.known("request_columns", text))


@record
class Slot:
    """One printed cell of a line: its text and its horizontal extent, in grid columns or in ranks.

    `filled` says whether anything is printed, `label` whether that is words rather than a value. `doubtful` marks a number
    put together from two halves, to be believed only when the sums agree; `glued` digits that were printed onto their label.
    """

    text: str
    left: int
    right: int
    where: str
    filled: bool
    label: bool
    doubtful: bool = False
    glued: bool = False

    def saying(self, text: str) -> Slot:
        """The same place with other words."""
        return replace(self, text=text, filled=print_of(text).filled, label=print_of(text).label)


def slot(text: str, left: int, right: int, where: str) -> Slot:
    """A cell as printed."""
    return Slot(text, left, right, where, print_of(text).filled, print_of(text).label)


def moved(slot: Slot, rank: int) -> Slot:
    """The same cell at another rank of a line without true columns."""
    return replace(slot, left=rank, right=rank + 1)


@dataclass(slots=True)
class Line:
    """The slots of one row; `grid` counts the grids, `aligned` says whether extents are true columns of `width` in all.

    `printed` are the filled slots, `words` those of them that are labels, `said` the texts of those; a `wordy` line has
    nothing else, as heads have.
    `cut` rows go on over a page; of `open` ones columns may have been cut off by the edge of the paper.
    `spare` are the columns in which the whole grid prints nothing.
    """

    slots: tuple[Slot, ...]
    grid: int
    aligned: bool
    cut: bool = False
    width: int = 0
    open: bool = False
    spare: frozenset[int] = frozenset()
    printed: list[Slot] = field(init=False, compare=False)
    words: list[Slot] = field(init=False, compare=False)
    said: tuple[str, ...] = field(init=False, compare=False)
    wordy: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        self.printed = [slot for slot in self.slots if slot.filled]
        self.words = [slot for slot in self.printed if slot.label]
        self.said = tuple([slot.text for slot in self.words])
        self.wordy = len(self.printed) == len(self.words) > 0

    @property
    def where(self) -> str:
        return (self.printed or self.slots)[0].where

    @property
    def bare(self) -> bool:
        """Numbers and blanks only."""
        return not self.words
