"""Tables without rules, told by the places of their words.

    lines ──pieces──> value lines (figures apart from one another) ──> tables: header lines, then rows
    columns: where figures and header words stand · rows: one per value line, its label lines gathered around it

A row whose values are all blank still has a cell per column; a blank stays blank in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import pairwise
from statistics import median

from parsers.layout.cells import locator, stacked, unwrapped
from parsers.layout.ink import Box
from parsers.layout.lines import Line, segments
from parsers.models import Grid, GridCell

APART = 0.45          # characters: pieces of neighbouring cells stand at least this far apart
WIDE = 1.2            # characters: no gap inside a sentence is this wide
CLOSE = 0.95          # characters: lines of different rows cannot stand closer
WRAP = 1.45           # characters from line to line inside a cell; rows stand further apart
NEAR = 3.0            # characters: header lines stand no further from each other
ORPHAN, STRAY = 0.8, 3.0       # characters: the cost of a row without figures, with and without an enumerator
TYPE = 1.15           # times the type of the table: a line set larger is a heading
FAR = 10.0            # characters: labels and figures of one row are never further apart
FULL = 0.92           # of the width of the text: a line this long is a sentence

_VALUE = re.compile(r"[-+－＋—–/／\\()（）减增↓↑无件次万亿元%％.,，．、\s\d０-９]{1,16}")
_FIGURE = re.compile(r"[\d０-９]|^[-－—–/／\\无\s]+$")
_ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]")


@dataclass(eq=False)
class Row:
    """One printed line in its pieces. `values` and `words` part them by what they hold."""

    line: Line
    pieces: list[Line]
    values: list[Line]
    words: list[Line]

    @cached_property
    def y(self) -> float:
        pieces = self.values or self.words
        return (min(piece.y0 for piece in pieces) + max(piece.y1 for piece in pieces)) / 2


@dataclass
class Table:
    """Consecutive lines of one table: `head` before the first figures, `body` from there on; `em` its size of type."""

    head: list[Row]
    body: list[Row]
    em: float
    columns: list[tuple[float, float]] = field(default_factory=list)

    @cached_property
    def anchors(self) -> list[Row]:
        """The rows with figures. Lines closer than one line of text are one row: its cells break at different heights."""
        merged: list[Row] = []
        for row in self.body:
            if merged and (_tail(row, merged[-1:], self.em) or (
                    row.values and row.y - merged[-1].values[-1].middle < CLOSE * self.em)):
                merged[-1] = Row(row.line, [], merged[-1].values + row.values, merged[-1].words + row.words)
            elif row.values:
                merged.append(row)
        return [Row(row.line, row.pieces, sorted(row.values, key=_left), row.words) for row in merged]

    @cached_property
    def _bounds(self) -> tuple[list[float], float]:
        """Where the label columns part, and where they end. The labels are the column with the most words;
        what stands right of it (units, remarks) is a column like those of the figures."""
        figures = min(value.x0 for row in self.anchors for value in row.values)
        labels = [word for row in self.body for word in row.words if word.x1 <= figures]
        if not labels:
            return [], -1.0
        gutters = _gutters(labels, self.em)
        ends = [*gutters, max(word.x1 for word in labels)]
        weight = [sum(len(word.glyphs) for word in labels if low < word.x1 <= high)
                  for low, high in pairwise([-1.0, *ends])]
        main = weight.index(max(weight))
        return gutters[:main], ends[main]

    @property
    def gutters(self) -> list[float]:
        return self._bounds[0]

    @property
    def labels_end(self) -> float:
        return self._bounds[1]


def find(lines: Sequence[Line], page: int, left: float, right: float) -> Iterator[tuple[float, Line | Grid]]:
    """Every line with its y, those of a table replaced by its grid. `left` and `right` bound the text of the page."""
    if not any(line.gap > line.height for line in lines):
        yield from ((line.y0, line) for line in lines)
        return
    rows = [_row(line) for line in lines]
    taken = 0
    for start, end in _regions(rows, left, right):
        yield from ((row.line.y0, row.line) for row in rows[taken:start])
        for table in _tables(rows[start:end]):
            yield (table.head or table.body)[0].line.y0, _grid(table, page)
        taken = end
    yield from ((row.line.y0, row.line) for row in rows[taken:])


def head_left_behind(lines: Sequence[Line], following: Sequence[Line], left: float, right: float) -> int:
    """How many of the last lines of a page are the head of a table whose figures begin on the following page."""
    if lines[-1].gap < lines[-1].height:
        return 0
    rows, below = [_row(line) for line in lines], [_row(line) for line in following[:8]]
    first = next((start for start, _ in _regions(below, left, right)), -1)
    anchor = next((row for row in below if _is_anchor(row)), None)
    if first != 0 or anchor is None:
        return 0
    count = 0
    while count < len(rows) and len(rows[-1 - count].pieces) > 1 and not rows[-1 - count].values \
            and not _is_text(rows[-1 - count], anchor, left, right):
        count += 1
    return count


def tabular(lines: Sequence[Line]) -> bool:
    """Do these lines, taken for the single column of a ruled table, stand in columns of their own?"""
    return sum(_is_anchor(_row(line)) for line in lines if line.gap > line.height) >= 2


# ---------------------------------------------------------------- which lines are a table


def _row(line: Line) -> Row:
    pieces = segments(line, APART * _em(line) / line.height)
    values = [piece for piece in pieces if _is_value(piece.text)]
    return Row(line, pieces, values, [piece for piece in pieces if piece not in values])


def _em(line: Line) -> float:
    return line.em or 0.8 * line.size


def _is_value(text: str) -> bool:
    return _VALUE.fullmatch(text) is not None and _FIGURE.search(text) is not None


def _is_anchor(row: Row) -> bool:
    """Figures standing well apart from what is before them."""
    wide = WIDE * _em(row.line)
    return any(b in row.values and b.x0 - a.x1 >= wide for a, b in pairwise(row.pieces))


def _regions(rows: Sequence[Row], left: float, right: float) -> Iterator[tuple[int, int]]:
    """(first, after last) of the lines of one or more tables between sentences."""
    anchors = [index for index, row in enumerate(rows) if _is_anchor(row)]
    taken = 0
    while anchors:
        last = count = 1
        while last < len(anchors) and not any(_is_text(rows[i], rows[anchors[0]], left, right)
                                              for i in range(anchors[last - 1] + 1, anchors[last])):
            last, count = last + 1, count + 1
        group, anchors = anchors[:last], anchors[last:]
        if count > 1 or len(rows[group[0]].values) >= 4 or _headed(rows, group[0]):
            start, end = _stretch(rows, group[0], group[-1], taken, left, right)
            yield start, end
            taken = end


def _headed(rows: Sequence[Row], index: int) -> bool:
    """Do words stand above the figures of a lone row?"""
    if index == 0 or rows[index].y - rows[index - 1].y > NEAR * _em(rows[index].line):
        return False
    above = rows[index - 1].words
    return len(above) > 1 and all(any(_overlap(value, (word.x0, word.x1)) for word in above) for value in rows[index].values)


def _is_text(row: Row, anchor: Row, left: float, right: float) -> bool:
    """A sentence or heading: other type than the table, as wide as the page, or at the margin with room around it."""
    if _other_type(row.line, anchor.line):
        return True
    return len(row.pieces) == 1 and row.line.x1 - row.line.x0 > FULL * (right - left)


def _other_type(line: Line, table: Line) -> bool:
    """Is a line set larger or smaller than the table? Width and height must say so, fonts alone change one of them."""
    taller = line.size / table.size
    if not line.em or not table.em:
        return not 0.7 < taller < 1.4
    return not 1 / TYPE < line.em / table.em < TYPE and not 1 / TYPE < taller < TYPE


def _stretch(rows: Sequence[Row], first: int, last: int, taken: int, left: float, right: float) -> tuple[int, int]:
    """The region widened by the header lines above it and the rest of the last label below it."""
    em = _em(rows[first].line)
    start, end = first, last + 1
    while start > taken and _is_head(rows[start - 1], rows[start], rows[first], em, left, right):
        start -= 1
    while end < len(rows) and _hangs_on(rows[end], rows[end - 1], rows[last], em, right):
        end += 1
    return start, end


def _is_head(row: Row, below: Row, anchor: Row, em: float, left: float, right: float) -> bool:
    if _is_text(row, anchor, left, right) or below.y - row.y > NEAR * em:
        return False
    at_margin = row.line.x0 < left + 0.5 * em or abs(row.line.x0 - left - 2 * em) < 0.6 * em
    return len(row.pieces) > 1 or not at_margin or (bool(row.words) and below.y - row.y < WRAP * em
                                                     and not row.line.text.endswith(("。", "：", "；")))


def _hangs_on(row: Row, above: Row, anchor: Row, em: float, right: float) -> bool:
    """The second line of a label right below it in its column, or of broken numbers too close to be a row."""
    if row.values and row.y - above.y < CLOSE * em:
        return True
    if row.values or row.y - above.y > WRAP * em or _ENUMERATOR.match(row.line.text) or not anchor.words:
        return False
    return row.line.x1 < anchor.values[0].x0 and not _other_type(row.line, anchor.line)


# ---------------------------------------------------------------- which lines are which table


def _tables(rows: Sequence[Row]) -> Iterator[Table]:
    """A new table begins where words stand above the columns of figures again."""
    em = median(_em(row.line) for row in rows if row.line.em) if any(row.line.em for row in rows) else _em(rows[0].line)
    head: list[Row] = []
    body: list[Row] = []
    for index, row in enumerate(rows):
        goes_on = bool(body) and (_is_label(row, body, rows[index + 1:]) or _tail(row, body[-3:], em))
        if goes_on or (row.values and (body or _is_anchor(row))):
            body.append(row)
        elif body:
            yield _table(head, body, em)
            head, body = [row], []
        else:
            head.append(row)
    if body:
        yield _table(head, body, em)


def _tail(row: Row, above: Sequence[Row], em: float) -> bool:
    """Words broken off from figures (the 件 of 12件): each right below one of them."""
    values = [value for other in above for value in other.values if row.y - value.middle < WRAP * em]
    return not row.values and all(any(_overlap(word, (value.x0, value.x1)) for value in values) for word in row.words)


def _is_label(row: Row, body: Sequence[Row], later: Sequence[Row]) -> bool:
    """Words in the columns of the labels only, as the rows around them have them."""
    around = [r for r in (*body[-6:], *[r for r in later[:6] if r.values][:2]) if r.values and r.words]
    end = max((word.x1 for r in around for word in r.words if word.x1 <= r.values[0].x0), default=-1.0)
    first = min((r.values[0].x0 for r in around), default=-1.0)
    return all(word.x0 < end and word.x1 < first for word in row.words)


def _table(head: list[Row], body: list[Row], em: float) -> Table:
    """The first row's label may begin above its figures."""
    table = Table(head, body, em)
    first = min(piece.x0 for row in table.anchors for piece in _right_of_label(row, table))
    while head and body[0].y - head[-1].y < WRAP * em and all(word.x1 <= first for word in head[-1].words):
        head, body = head[:-1], [head[-1], *body]
    table = Table(head, body, em)
    table.columns = _columns(table)
    return table


# ---------------------------------------------------------------- columns


def _columns(table: Table) -> list[tuple[float, float]]:
    """The extents of the value columns: figures that stand below each other, then lowest header words beside them."""
    found: list[tuple[float, float]] = []
    for row in table.anchors:
        for piece in _right_of_label(row, table):
            found = _with(found, piece)
    words = [(row.y, word) for row in table.head if len(row.pieces) > 1 for word in row.pieces if word.x0 > table.labels_end]
    lowest = sorted((word for y, word in words if not any(
        below > y and _overlap(word, (other.x0, other.x1)) for below, other in words)), key=_left)
    if len(lowest) == len(found):                       # head and figures set to different sides of their columns
        return [(min(word.x0, x0), max(word.x1, x1)) for word, (x0, x1) in zip(lowest, found, strict=True)]
    for word in lowest:
        if sum(_overlap(word, column) for column in found) < 2:
            found = _with(found, word)
    return found


def _with(columns: list[tuple[float, float]], piece: Line) -> list[tuple[float, float]]:
    """The columns with one more piece: it widens those it overlaps into one, or is a column of its own."""
    same = [column for column in columns if _overlap(piece, column)]
    x0, x1 = min([piece.x0, *(a for a, _ in same)]), max([piece.x1, *(b for _, b in same)])
    return sorted([column for column in columns if column not in same] + [(x0, x1)])


def _left(piece: Line) -> float:
    return piece.x0


def _overlap(piece: Line, column: tuple[float, float]) -> bool:
    return piece.x0 < column[1] and piece.x1 > column[0]


def _column_of(piece: Line, columns: Sequence[tuple[float, float]]) -> int:
    """The column a piece stands in or nearest to."""
    middle = (piece.x0 + piece.x1) / 2
    return min(range(len(columns)), key=lambda i: abs((columns[i][0] + columns[i][1]) / 2 - middle)
               if not columns[i][0] <= middle <= columns[i][1] else -1.0)


def _gutters(labels: Sequence[Line], em: float) -> list[float]:
    """Where label columns part: between words side by side, crossed by the fewer labels."""
    gaps = [(a.x1, b.x0) for a in labels for b in labels
            if b.x0 - a.x1 > APART * em and min(a.y1, b.y1) - max(a.y0, b.y0) > 0]
    found: list[list[tuple[float, float]]] = []
    for gap in sorted(gaps, key=lambda gap: gap[1] - gap[0]):
        same = next((g for g in found if all(gap[0] < high and gap[1] > low for low, high in g)), None)
        if same is None:
            found.append([gap])
        else:
            same.append(gap)
    middles = [(max(low for low, _ in g) + min(high for _, high in g)) / 2 for g in found
               if len(g) > 2 or g[0][1] - g[0][0] > WIDE * em]
    return sorted(x for x in middles if sum(word.x0 < x < word.x1 for word in labels) <= len(labels) / 2)


# ---------------------------------------------------------------- rows


Group = tuple[list[Row], Row | None]          # label lines of a row (may be none), its value line (may be none)


def _groups(table: Table, leaf: float) -> list[Group]:
    """The label lines in the last label column shared out among the value lines, each around its own.

    Labels are set in the middle of their row or begin at its top: the cheaper reading of the two is taken.
    """
    lines = [row for row in table.body if any(_is_leaf(word, table, leaf) for word in row.words)]
    if not lines:
        return [([], anchor) for anchor in table.anchors]
    return min((_shared_out(lines, table.anchors, table.em, top) for top in (False, True)), key=lambda c: c[0])[1]


def _is_leaf(word: Line, table: Table, leaf: float) -> bool:
    return word.x0 < table.labels_end and word.x1 > leaf


def _shared_out(lines: Sequence[Row], anchors: Sequence[Row], em: float, top: bool) -> tuple[float, list[Group]]:
    """The cheapest sharing, found from the top: cost is the distance of figures from the label they belong to.

    A state is (lines shared out, value lines passed); `best` has its cost and the state before it.
    """
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    ends = [_reach(lines, start, em) for start in range(len(lines))]
    for i in range(len(lines) + 1):
        for j in range(len(anchors) + 1):
            if (i, j) in best:
                for state, price in _steps(lines, anchors, (i, j), ends, em, top):
                    cost = best[i, j][0] + price
                    if state not in best or cost < best[state][0]:
                        best[state] = (cost, (i, j))
    groups: list[Group] = []
    state = end = (len(lines), len(anchors))
    while state != (0, 0):
        before = best[state][1]
        groups.append((list(lines[before[0]:state[0]]), anchors[before[1]] if state[1] > before[1] else None))
        state = before
    return best[end][0], groups[::-1]


def _steps(lines: Sequence[Row], anchors: Sequence[Row], state: tuple[int, int], ends: Sequence[int], em: float, top: bool
           ) -> Iterator[tuple[tuple[int, int], float]]:
    """The states after this one and what they cost: a label alone, figures alone, or both as one row.

    Where the next label and the next figures are far apart only the upper one can be next.
    """
    i, j = state
    ahead = lines[i].y - anchors[j].y if i < len(lines) and j < len(anchors) else 0.0
    if j < len(anchors) and ahead > -FAR * em:
        yield (i, j + 1), STRAY * em
    if i < len(lines) and ahead < FAR * em:
        orphan = (ORPHAN if _ENUMERATOR.match(lines[i].line.text) else STRAY) * em
        for end in range(i + 1, ends[i] + 1):
            yield (end, j), orphan
            if j < len(anchors):
                middle = lines[i].y if top else (lines[i].y + lines[end - 1].y) / 2
                yield (end, j + 1), abs(middle - anchors[j].y)


def _reach(lines: Sequence[Row], start: int, em: float) -> int:
    """How far a label that begins at this line can run: to the next enumerator or wider step."""
    end = start + 1
    while (end < len(lines) and end - start < 8 and lines[end].y - lines[end - 1].y < 1.6 * em
           and not _ENUMERATOR.match(lines[end].words[-1].text)):
        end += 1
    return end


# ---------------------------------------------------------------- the grid


def _grid(table: Table, page: int) -> Grid:
    gutters = table.gutters
    groups = _groups(table, gutters[-1] if gutters else -1.0)
    groups = _unwrapped(groups, table.em)
    width = len(gutters) + 1 if table.labels_end >= 0 else 0
    cells = _head_cells(table, width, gutters, page)
    first = max((cell.row + 1 for cell in cells), default=0)
    for number, group in enumerate(groups):
        cells += _body_cells(table, group, first + number, width, gutters, page)
    cells += _side_cells(table, groups, first, gutters, page)
    return Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), f"page {page}")


def _unwrapped(groups: Sequence[Group], em: float) -> list[Group]:
    """Figures right below figures, without a label of their own, are the rest of numbers broken in narrow columns."""
    whole: list[Group] = []
    for label, anchor in groups:
        before = whole[-1] if whole else None
        if (not label and anchor and before and before[1] and anchor.y - before[1].line.y1 + anchor.line.height / 2 < WRAP * em
                and len(anchor.values) <= len(before[1].values)):
            upper = before[1]
            joined = Row(upper.line, upper.pieces, [*upper.values, *anchor.values], upper.words)
            whole[-1] = (before[0], joined)
        else:
            whole.append((label, anchor))
    return whole


def _head_cells(table: Table, width: int, gutters: Sequence[float], page: int) -> list[GridCell]:
    """Header words at the columns they stand above, level by level; the lines of one header cell are joined."""
    cells: dict[tuple[int, int], GridCell] = {}
    for level, stacks in enumerate(_levels(table)):
        for pieces in stacks:
            low, high = _span(pieces, table, width, gutters)
            text = "\n".join(piece.text for piece in pieces)
            if (level, low) in cells:                   # two header cells above one column
                text = f"{cells[level, low].text}\n{text}"
            cells[level, low] = GridCell(level, low, text, locator(page, level, low, _around(pieces)), 1, high - low + 1)
    return list(cells.values())


def _levels(table: Table) -> list[list[list[Line]]]:
    """The header cells by level: those with others below them from top to bottom, then the lowest, set at any height."""
    stacks = _stacks(table)
    upper = sorted((s for s in stacks if _has_below(s, stacks)), key=lambda s: s[0].middle)
    levels: list[list[list[Line]]] = []
    for stack in upper:
        if not levels or stack[0].middle - levels[-1][0][0].middle > CLOSE * table.em:
            levels.append([])
        levels[-1].append(stack)
    lowest = [stack for stack in stacks if stack not in upper]
    return [*levels, lowest] if lowest else levels


def _has_below(stack: Sequence[Line], stacks: Sequence[Sequence[Line]]) -> bool:
    """Does another header cell stand below this one, or is it a caption over header lines?"""
    box = _around(stack)
    lower = [_around(other) for other in stacks if _around(other).y0 > box.y0 + 0.5 * (box.y1 - box.y0)]
    alone = all(other is stack or _around(other).y1 < box.y0 or _around(other).y0 > box.y1 for other in stacks)
    return bool(lower) and (alone or any(other.x0 < box.x1 and other.x1 > box.x0 for other in lower))


def _stacks(table: Table) -> list[list[Line]]:
    """The header pieces, those joined that stand right below each other in one column."""
    stacks: list[list[Line]] = []
    for row in table.head:
        for piece in row.pieces:
            above = next((s for s in stacks if s[-1].middle < piece.middle and _same_cell(s[-1], piece, table)), None)
            if above is None:
                stacks.append([piece])
            else:
                above.append(piece)
    return stacks


def _same_cell(upper: Line, lower: Line, table: Table) -> bool:
    if lower.middle - upper.middle > WRAP * table.em or not _overlap(upper, (lower.x0, lower.x1)):
        return False
    return all(sum(_overlap(piece, column) for column in table.columns) < 2 for piece in (upper, lower))


def _span(pieces: Sequence[Line], table: Table, width: int, gutters: Sequence[float]) -> tuple[int, int]:
    """First and last grid column that header words stand above."""
    box = _around(pieces)
    if box.x0 < table.labels_end:
        inside = [i for i in range(width) if i == 0 or box.x1 > gutters[i - 1]]
        return min(i for i in inside if i == width - 1 or box.x0 < gutters[i]), inside[-1]
    over = [i for i, column in enumerate(table.columns) if box.x0 < column[1] and box.x1 > column[0]]
    over = over or [_column_of(pieces[0], table.columns)]
    return width + over[0], width + over[-1]


def _body_cells(table: Table, group: Group, row: int, width: int, gutters: Sequence[float], page: int) -> Iterator[GridCell]:
    label, anchor = group
    leaf = gutters[-1] if gutters else -1.0
    words = [word for line in label for word in line.words if _is_leaf(word, table, leaf)]
    y0 = min([line.line.y0 for line in label] + ([anchor.line.y0] if anchor else []))
    y1 = max([line.line.y1 for line in label] + ([anchor.line.y1] if anchor else []))
    if words:
        low, high = _label_span(words, gutters)
        text = "\n".join(" ".join(w.text for w in line.words if _is_leaf(w, table, leaf)) for line in label)
        yield GridCell(row, low, text, locator(page, row, low, _around(words)), 1, high - low + 1)
    texts = unwrapped([_column_text(anchor, table, index) for index in range(len(table.columns))])
    for place, ((x0, x1), text) in enumerate(zip(table.columns, texts, strict=True), width):
        yield GridCell(row, place, text, locator(page, row, place, Box(x0, y0, x1, y1)))


def _column_text(anchor: Row | None, table: Table, index: int) -> str:
    """What a row has in a value column, top to bottom; "" for a blank."""
    pieces = [p for p in _right_of_label(anchor, table) if _column_of(p, table.columns) == index] if anchor else []
    return reduce(stacked, (piece.text for piece in sorted(pieces, key=lambda piece: piece.middle))) if pieces else ""


def _right_of_label(anchor: Row, table: Table) -> list[Line]:
    return [*anchor.values, *(word for word in anchor.words if word.x0 >= table.labels_end)]


def _label_span(words: Sequence[Line], gutters: Sequence[float]) -> tuple[int, int]:
    """A label spans the label columns it runs through."""
    start = min(word.x0 for word in words)
    return sum(start > x for x in gutters), len(gutters)


def _side_cells(table: Table, groups: Sequence[Group], first: int, gutters: Sequence[float], page: int) -> list[GridCell]:
    """Group labels left of the row labels, over the rows counted 1, 2, 3 … around them, or beside one row alone.

    One that finds no row free stands in a row of its own at the end: words are never lost.
    """
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    for column, pieces in _side_blocks(table, gutters) if gutters else ():
        box = _around(pieces)
        start, end = _counted(groups, _nearest(groups, (box.y0 + box.y1) / 2))
        free = [row for row in range(start, end + 1)
                if (row, column) not in taken and not _covers(groups[row], column, gutters)]
        run = [row for n, row in enumerate(free) if row - n == free[0]]
        run = run or [len(groups) + sum(cell.row >= first + len(groups) for cell in cells)]
        taken |= {(row, column) for row in run}
        text = "\n".join(piece.text for piece in pieces)
        cells.append(GridCell(first + run[0], column, text, locator(page, first + run[0], column, box), len(run)))
    return cells


def _side_blocks(table: Table, gutters: Sequence[float]) -> list[tuple[int, list[Line]]]:
    """(label column, lines) of every group label, from top to bottom."""
    blocks: list[tuple[int, list[Line]]] = []
    for row in table.body:
        for word in row.words:
            if word.x1 > gutters[-1]:
                continue
            column = sum((word.x0 + word.x1) / 2 > x for x in gutters)
            block = next((b for b in blocks if b[0] == column and word.middle - b[1][-1].middle < WRAP * table.em), None)
            if block is None:
                blocks.append((column, [word]))
            else:
                block[1].append(word)
    return blocks


def _covers(group: Group, column: int, gutters: Sequence[float]) -> bool:
    """Does the row's own label begin left enough to fill this label column?"""
    words = [word for line in group[0] for word in line.words if word.x1 > gutters[-1]]
    return bool(words) and _label_span(words, gutters)[0] <= column


def _nearest(groups: Sequence[Group], y: float) -> int:
    def distance(index: int) -> float:
        label, anchor = groups[index]
        return abs((anchor or label[0]).y - y)
    return min(range(len(groups)), key=distance)


def _counted(groups: Sequence[Group], index: int) -> tuple[int, int]:
    """First and last row of the count 1, 2, 3 … that this row is in; the row alone when it is not counted."""
    counts = [_count(group) for group in groups]
    start = end = index
    while counts[start] and start > 0 and counts[start - 1] == counts[start] - 1:
        start -= 1
    while counts[end] and end + 1 < len(counts) and counts[end + 1] == counts[end] + 1:
        end += 1
    return start, end


def _count(group: Group) -> int:
    """The Arabic number that a row's label begins with; 0 for none."""
    if not group[0]:
        return 0
    match = re.match(r"(\d{1,2})[.．、]", group[0][0].words[-1].text)
    return int(match[1]) if match else 0


def _around(pieces: Sequence[Line]) -> Box:
    return Box(min(p.x0 for p in pieces), min(p.y0 for p in pieces), max(p.x1 for p in pieces), max(p.y1 for p in pieces))
