"""Grids as lines of slots: what the tables are read from, whatever drew them.

Rows cut by a page are whole again, tables lying on their side stand up, loose numbers below each other are one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from parsers import flat, labels, values
from parsers.headings import heading
from parsers.models import Block, Grid, GridCell, Paragraph
from parsers.records import record
from parsers.text import squeeze

MOST_CELLS = 6_000     # the statutory tables together have under 400 cells; a larger grid is a list of something else
_MOST_LINES = 2_000
_HEADS = ("request_columns", "request_column_groups", "proactive_columns", "remedy_groups")
_LONGEST_CAPTION = 24  # characters
_UNIT = re.compile(r"^\(?(?:计量)?单位[:：]\S{1,4}?\)?$")
_FEWEST_APPLICANTS = 3   # rows that name one, where a table lies on its side
_MOST_BREAKS = 4       # of one cell: 社会公益组织 in a column one character wide has more, and is read by its other rows


Rows = list[list[GridCell]]


class _Print(NamedTuple):
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
def _print(text: str) -> _Print:
    filled = values.filled(text)
    added = any(labels.known(name, text) for name in ("remark_columns", "unit_columns", "number_columns"))
    return _Print(text.strip(), filled, filled and not flat.is_value(text), added, labels.known("request_columns", text))


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
        return replace(self, text=text, filled=_print(text).filled, label=_print(text).label)


def slot(text: str, left: int, right: int, where: str) -> Slot:
    """A cell as printed."""
    return Slot(text, left, right, where, _print(text).filled, _print(text).label)


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


def lines(blocks: Sequence[Block]) -> list[Line]:
    """Every row of every grid, in reading order."""
    found: list[Line] = []
    blocks = _over_pages(blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Grid) and len(block.cells) <= MOST_CELLS:
            found += _caption(_above_it(blocks, number), block, number)
            prints = {text: _print(text) for text in {cell.text for cell in block.cells}}
            rows = [tuple([_slot(cell, prints[cell.text]) for cell in row]) for row in _drawn(block, prints) if row]
            width = max([slot.right for row in rows for slot in row], default=0)
            spare = _spare(rows) if block.aligned else frozenset[int]()
            made = [Line(row, number, block.aligned, False, width, block.cut, spare) for row in rows]
            found += made if block.aligned else _gathered(made)
    return _mended(found)


def _spare(rows: Sequence[Sequence[Slot]]) -> frozenset[int]:
    """The columns in which no row prints anything."""
    begun = {slot.left for row in rows for slot in row}
    return frozenset(begun.difference([slot.left for row in rows for slot in row if slot.filled]))


def _slot(cell: GridCell, printed: _Print) -> Slot:
    return Slot(printed.text, cell.column, cell.column + cell.colspan, cell.where, printed.filled, printed.label)


def _drawn(grid: Grid, prints: Mapping[str, _Print]) -> Rows:
    """The rows of a grid as the form has them."""
    rows = list(grid.rows())
    if not grid.aligned and not _is_rectangle(rows):
        return rows
    rows = _of_the_form(rows) if any(printed.added for printed in prints.values()) else rows
    applicants = {text for text, printed in prints.items() if printed.applicant}
    named = {cell.row for cell in grid.cells if cell.text in applicants} if applicants else ()
    return _upright(rows) if len(named) >= _FEWEST_APPLICANTS else rows


def _above_it(blocks: Sequence[Block], number: int) -> Block | None:
    """The block above a grid, a line that says only the unit left out."""
    above = blocks[max(number - 2, 0):number][::-1]
    unit = len(above) > 1 and isinstance(above[0], Paragraph) and _UNIT.match(squeeze(above[0].text))
    return above[1] if unit else above[0] if above else None


def _caption(above: Block | None, grid: Grid, number: int) -> list[Line]:
    """The paragraph above a grid as its first row, where it names what the columns belong to: （一）行政复议情况."""
    if not isinstance(above, Paragraph) or len(above.text) > _LONGEST_CAPTION or heading(above.text):
        return []
    name = labels.bare(above.text).removesuffix("情况")
    if labels.remedy(name)[0] is None:
        return []
    return [Line((slot(name, 0, grid.width, above.where),), number, grid.aligned, width=grid.width)]


def paragraph_lines(blocks: Sequence[Block]) -> list[Line]:
    """The short paragraphs as rows, for documents whose tables came out as text; none when it is all too long for that."""
    found: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            rows = flat.rows([text for text in block.text.splitlines() if text.strip() and flat.is_short(text)])
            found += [Line(tuple([slot(text, rank, rank + 1, block.where) for rank, text in enumerate(row)]), 0, False)
                      for row in rows]
        if len(found) > _MOST_LINES:
            return []
    return _mended(_gathered(found))


def printed_rows(blocks: Sequence[Block]) -> int:
    """How many lines of the paragraphs may have a value or more cells than one, at most: cheaply, before any is made."""
    texts = (text for block in blocks if isinstance(block, Paragraph) for text in block.text.splitlines())
    return sum("|" in text or "," in text or len(text.split()) > 1 or flat.is_value(text) for text in texts
               if flat.is_short(text))


def blanks_kept(found: Sequence[Line]) -> bool:
    """Whether a flattened text kept its blank cells in place: somewhere a blank stands before a filled cell."""
    return any(not slot.filled and any(later.filled for later in line.slots[at:])
               for line in found if not line.aligned for at, slot in enumerate(line.slots))


def _of_the_form(rows: Rows) -> Rows:
    """The rows without the columns that offices add: remarks at the end, numbers in front where they are no codes."""
    applicants = any(sum(labels.request_column(cell.text) is not None for cell in row) > 2 for row in rows)
    additions = [cell for row in rows for cell in row
                 if _print(cell.text).added and _is_added(cell, row, applicants=applicants)]
    heads = [at for at, row in enumerate(rows if additions else ()) if any(
        labels.known("proactive_columns", cell.text) or labels.known("remedy_groups", cell.text) for cell in row)]
    gone = set[GridCell]()
    for added in additions:
        end = next((at for at in heads if at >= added.row + max(added.rowspan, 2)), len(rows))     # another table's head
        gone |= {cell for row in rows[added.row:end] for cell in row
                 if added.column <= cell.column and cell.column + cell.colspan <= added.column + added.colspan}
    return [[cell for cell in row if cell not in gone] for row in rows] if gone else rows


def _is_added(cell: GridCell, row: Sequence[GridCell], *, applicants: bool) -> bool:
    if labels.known("remark_columns", cell.text) or (applicants and labels.known("unit_columns", cell.text)):
        return cell.column > 0
    return labels.known("number_columns", cell.text) and cell.column == 0 \
        and not any(labels.lookup("stat_columns", other.text) == "value" for other in row)


def _is_rectangle(rows: Rows) -> bool:
    """Whether ranks are columns: every row has as many cells, and blanks were written down, not only left at the ends."""
    blanks = [(row, at) for row in rows for at, cell in enumerate(row) if not values.filled(cell.text)]
    kept = any(values.filled(later.text) for row, at in blanks for later in row[at:])
    return len({len(row) for row in rows}) == 1 and (kept or not blanks)


def _upright(rows: Rows) -> Rows:
    """Rows that are the applicants are turned, with their head; 其他 and 总计 are names of rows too."""
    named = [_named_column(row) for row in rows]
    if len(set(named) - {None, "other_org", "total"}) < _FEWEST_APPLICANTS:
        return rows
    start = end = next(at for at, column in enumerate(named) if column not in (None, "other_org", "total"))
    while start and _is_head(rows[start - 1]):
        start -= 1
    while end < len(rows) and (named[end] or not any(values.filled(cell.text) for cell in rows[end])):
        end += 1
    turned = sorted((replace(c, row=c.column, column=c.row, rowspan=c.colspan, colspan=c.rowspan)
                     for row in rows[start:end] for c in row), key=attrgetter("row", "column"))
    return [*rows[:start], *[list(row) for _, row in groupby(turned, attrgetter("row"))], *rows[end:]]


def _is_head(row: Sequence[GridCell]) -> bool:
    """Whether a row is several labels and no figure."""
    printed = [_print(cell.text) for cell in row]
    return sum(each.label for each in printed) > 1 and not any(each.filled and not each.label for each in printed)


def _over_pages(blocks: Sequence[Block]) -> list[Block]:
    """Tables lying on their side that go on over pages, put together: only whole can they stand up."""
    whole: list[Block] = []
    for block in blocks:
        before = whole[-1] if whole else None
        if isinstance(before, Grid) and isinstance(block, Grid) and (joined := _on_its_side(before, block)):
            whole[-1] = joined
        else:
            whole.append(block)
    return whole


def _on_its_side(upper: Grid, lower: Grid) -> Grid | None:
    """Two pages of a table whose rows are the applicants, without the head printed again, a name cut by the page whole.

    Other tables may stand above and below it in the same frame.
    """
    if not (upper.aligned and lower.aligned) or upper.where == lower.where or upper.width != lower.width or max(
            len(upper.cells), len(lower.cells)) > MOST_CELLS:
        return None
    above = [row for row in upper.rows() if any(values.filled(cell.text) for cell in row)]
    if not {_named_column(row) for row in above} - {None, "other_org", "total"}:
        return None
    head = [[cell.text for cell in row] for row in above]
    rows = [row for row in lower.rows() if row and [cell.text for cell in row] not in head]
    cut = bool(rows) and _is_rest_of_name(above[-1], rows[0])
    below = rows[1:] if cut else rows
    if not rows or not (cut or _named_column(above[-1])) or (below and not cut and not _named_column(below[0])):
        return None
    name = above[-1][0]
    kept = [replace(name, text=name.text + rows[0][0].text) if cut and cell is name else cell for cell in upper.cells]
    moved = [replace(cell, row=upper.height + at) for at, row in enumerate(below) for cell in row]
    return replace(upper, cells=(*kept, *moved), cut=upper.cut or lower.cut)


def _is_rest_of_name(upper: Sequence[GridCell], lower: Sequence[GridCell]) -> bool:
    """Whether a row says nothing but the end of the applicant's name that the row before it begins with."""
    return [cell for cell in lower if values.filled(cell.text)] == [lower[0]] \
        and labels.request_column(upper[0].text + lower[0].text) is not None


def _named_column(row: Sequence[GridCell]) -> str | None:
    """The column that is the only name before the figures of a row."""
    named = [c.text for c in row if _print(c.text).applicant]
    if len(named) != 1:
        return None
    words = [c.text for c in row if _print(c.text).label]
    return labels.request_column(named[0]) if words[-1:] == named and len(words) < 4 and len(row) > len(words) else None


def _gathered(rows: Iterable[Line]) -> list[Line]:
    """Values that stand alone, one below the other, are the values of one row."""
    found: list[Line] = []
    for row in rows:
        if found and row.bare and len(row.slots) == 1 and found[-1].bare and found[-1].grid == row.grid:
            slots = found[-1].slots
            found[-1] = replace(found[-1], slots=(*slots, _moved(row.slots[0], len(slots))))
        else:
            found.append(row)
    return found


def _moved(slot: Slot, rank: int) -> Slot:
    return replace(slot, left=rank, right=rank + 1)


# ---------------------------------------------------------------- rows cut by a page


@lru_cache(8192)
def known_row(text: str) -> bool:
    """Whether a label names a row of any statutory table, without help from its neighbours."""
    row, _ = labels.request_row(text, None)
    return (row is not None and row != "other_handled") or labels.lookup("proactive_rows", text) is not None \
        or labels.indicator(text) is not None


def _mended(found: list[Line]) -> list[Line]:
    whole: list[Line] = []
    heads = dict[tuple[str, ...], int]()       # lines of words only, and the grid first met in: pages print heads again
    for line in found:
        if _is_again(line, heads):
            whole.append(line)
            continue
        at = _above(whole, line, heads)
        before = whole[at] if whole else None
        if before is not None and _belong_together(before, rest := _unnumbered(before, line)):
            whole[at] = _joined(before, rest)
        elif (broken := _broken_cell(whole, line)) is not None:
            count, joined_line = broken
            whole[-count:] = [joined_line]
        elif before is not None and (joined := _column_by_column(before, line)):
            whole[at] = joined
        else:
            whole.append(line)
    return whole


def _above(whole: Sequence[Line], line: Line, heads: dict[tuple[str, ...], int]) -> int:
    """The place of the line that `line` may go on with: the last, or the last of the page before a head printed again."""
    at = len(whole) - 1
    while at > 0 and whole[at].grid == line.grid and _is_again(whole[at], heads):
        at -= 1
    if line.aligned and line.wordy:
        heads.setdefault(line.said, line.grid)
    return at if at >= 0 and whole[at].grid != line.grid else len(whole) - 1


def _is_again(line: Line, heads: dict[tuple[str, ...], int]) -> bool:
    """Whether a line of words was printed on a page before."""
    return line.aligned and line.wordy and heads.get(line.said, line.grid) != line.grid


def _unnumbered(upper: Line, lower: Line) -> Line:
    """A row of figures without the blank of a column of numbers, which only the head on the page before calls so."""
    added = len(lower.slots) == len(upper.slots) + 1 and upper.grid != lower.grid
    return replace(lower, slots=lower.slots[1:]) if added and lower.bare and not lower.slots[0].filled else lower


def _belong_together(upper: Line, lower: Line) -> bool:
    """Whether the second row is the rest of the first: of its label, or of its figures on the next page."""
    if not upper.words or len(lower.words) > 1:
        return False
    label = upper.words[-1].text
    if not lower.words:
        if upper.grid == lower.grid or not upper.aligned or not known_row(label) or len(upper.slots) != len(lower.slots):
            return False
        figures = lower.slots[upper.slots.index(upper.words[-1]) + 1:]
        if not any(slot.filled for slot in _after_label(upper)):                # all its figures went to the next page
            return bool(lower.printed) and set(lower.printed) <= set(figures)
        return not all(slot.filled for slot in lower.slots[1:])
    rest = lower.words[0].text
    if upper.grid != lower.grid and upper.aligned and not known_row(label) and known_row(label + rest) and (
            _label_only(upper, lower) or (labels.spelt_row(label + rest) and not labels.spelt_row(rest))):
        return True
    return lower.slots.index(lower.words[0]) <= 2 and _one_label(label, rest)


@lru_cache(8192)
def _one_label(label: str, rest: str) -> bool:
    """Whether words below a label are the rest of it."""
    if labels.ENUMERATOR.match(squeeze(rest)):
        return False
    if known_row(label) or known_row(rest):              # half a label may name a row by itself
        return _continues_spelling(label, rest)
    return known_row(label + rest) and not labels.lookup("request_groups", label)


def _label_only(upper: Line, lower: Line) -> bool:
    """Whether the figures stand all in the upper row, on the page before, and nothing but words in the lower."""
    return upper.grid != lower.grid and upper.aligned and len(lower.printed) == len(lower.words) < len(upper.printed) \
        and len(lower.slots) > 2 and any(slot.filled for slot in _after_label(upper))


def _broken_cell(above: Sequence[Line], line: Line) -> tuple[int, Line] | None:
    """(lines above, whole line) when the first cell of a line of flattened text goes on from the last cell above it."""
    if line.aligned or not line.slots or not line.slots[0].label:
        return None
    text = line.slots[0].text
    for count, upper in enumerate(reversed(above[-_MOST_BREAKS:]), 1):
        if upper.grid != line.grid or not upper.slots[-1].label or labels.is_unit(upper.slots[-1].text):
            return None
        last, text = upper.slots[-1].text, upper.slots[-1].text + text
        if _names_column_of_form(text) and not (_names_column_of_form(last) and _names_column_of_form(line.slots[0].text)):
            whole = (*upper.slots[:-1], upper.slots[-1].saying(text), *line.slots[1:])
            return count, replace(upper, slots=tuple(_moved(slot, rank) for rank, slot in enumerate(whole)))
        if len(upper.slots) > 1:
            return None
    return None


def _column_by_column(upper: Line, lower: Line) -> Line | None:
    """Two rows of two pages as one when the words of the lower, each under its own column, complete names of the form.

    Columns are counted from the right: what stands left of the figures is drawn with more or fewer columns on each page.
    """
    if upper.grid == lower.grid or not (upper.aligned and lower.aligned and upper.words and lower.words):
        return None
    below = {lower.width - slot.right: slot for slot in lower.slots if slot.filled}
    above = {upper.width - slot.right: slot for slot in upper.slots if slot.filled}
    if not below.keys() <= above.keys() or any(slot.label and not above[at].label for at, slot in below.items()):
        return None                        # words go on from words, never from figures
    slots = tuple(_completed(slot, below.get(upper.width - slot.right)) for slot in upper.slots)
    joined = replace(upper, slots=slots, cut=True)
    if len(lower.words) == len(lower.printed) and len(upper.words) == len(upper.printed):
        complete = all(_names_column_of_form(above[at].text + slot.text) for at, slot in below.items())
    else:
        complete = known_row(joined.words[-1].text) and not known_row(upper.words[-1].text)
    return joined if complete and (_label_only(upper, lower) or not known_row(lower.words[-1].text)) else None


def _completed(upper: Slot, lower: Slot | None) -> Slot:
    if lower is None:
        return upper
    return replace(upper.saying(upper.text + lower.text), doubtful=not upper.label)


@lru_cache(8192)
def _names_column_of_form(text: str) -> bool:
    return any(labels.known(name, text) for name in _HEADS) or labels.remedy(text)[1] is not None


def _continues_spelling(label: str, rest: str) -> bool:
    whole, tail = labels.key(labels.ENUMERATOR.sub("", squeeze(label + rest))), labels.key(rest)
    return len(tail) > 1 and any(spelling.startswith(whole) for spelling in labels.row_spellings())


def _after_label(line: Line) -> tuple[Slot, ...]:
    return line.slots[line.slots.index(line.words[-1]) + 1:]


def _joined(upper: Line, lower: Line) -> Line:
    label = upper.words[-1]
    rest = lower.words[0] if lower.words else None
    head = upper.slots[:upper.slots.index(label)]
    whole = label.saying(label.text + rest.text) if rest else label
    tail = lower.slots[lower.slots.index(rest) + 1:] if rest else lower.slots[len(head) + 1:]
    return replace(upper, slots=(*head, whole, *_merged(_after_label(upper), tail)), cut=True)


def _merged(upper: Sequence[Slot], lower: Sequence[Slot]) -> Iterator[Slot]:
    if not any(s.filled for s in lower) or not any(s.filled for s in upper):
        yield from upper if any(s.filled for s in upper) or not lower else lower
        return
    for at, slot in enumerate(upper):
        below = lower[at] if at < len(lower) else None
        if below is None or not below.filled:
            yield slot
        else:
            yield replace(slot.saying(slot.text + below.text), doubtful=True)
