"""Grids as the form draws them: tables lying on their side stood up, the columns that offices add left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from parsers import labels, values
from parsers.models import Block, Grid, GridCell
from parsers.tables.slots import Print, print_of

MOST_CELLS = 6_000     # the statutory tables together have under 400 cells; a larger grid is a list of something else
_FEWEST_APPLICANTS = 3   # rows that name one, where a table lies on its side
Rows = list[list[GridCell]]


def drawn(grid: Grid, prints: Mapping[str, Print]) -> Rows:
    """The rows of a grid as the form has them."""
    rows = list(grid.rows())
    if not grid.aligned and not _is_rectangle(rows):
        return rows
    rows = _of_the_form(rows) if any(printed.added for printed in prints.values()) else rows
    applicants = {text for text, printed in prints.items() if printed.applicant}
    named = {cell.row for cell in grid.cells if cell.text in applicants} if applicants else ()
    return _upright(rows) if len(named) >= _FEWEST_APPLICANTS else rows


def _is_rectangle(rows: Rows) -> bool:
    """Whether ranks are columns: every row has as many cells, and blanks were written down, not only left at the ends."""
    blanks = [(row, at) for row in rows for at, cell in enumerate(row) if not values.filled(cell.text)]
    kept = any(values.filled(later.text) for row, at in blanks for later in row[at:])
    return len({len(row) for row in rows}) == 1 and (kept or not blanks)


def _of_the_form(rows: Rows) -> Rows:
    """The rows without the columns that offices add: remarks at the end, numbers in front where they are no codes."""
    applicants = any(sum(labels.request_column(cell.text) is not None for cell in row) > 2 for row in rows)
    additions = [cell for row in rows for cell in row
                 if print_of(cell.text).added and _is_added(cell, row, applicants=applicants)]
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
    printed = [print_of(cell.text) for cell in row]
    return sum(each.label for each in printed) > 1 and not any(each.filled and not each.label for each in printed)


def _named_column(row: Sequence[GridCell]) -> str | None:
    """The column that is the only name before the figures of a row."""
    named = [c.text for c in row if print_of(c.text).applicant]
    if len(named) != 1:
        return None
    words = [c.text for c in row if print_of(c.text).label]
    return labels.request_column(named[0]) if words[-1:] == named and len(words) < 4 and len(row) > len(words) else None


def over_pages(blocks: Sequence[Block]) -> list[Block]:
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
