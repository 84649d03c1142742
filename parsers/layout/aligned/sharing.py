"""The label lines of a table shared out among its lines of figures, each around its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.layout.aligned.rows import ENUMERATOR, WRAP, Row, overlap
from parsers.layout.aligned.table import Table, is_leaf
from parsers.layout.lines import Line

ORPHAN, STRAY = 0.8, 3.0       # characters: the cost of a row without figures, with and without an enumerator
FAR = 10.0            # characters: labels and figures of one row are never further apart
LEVEL = 0.3           # characters: a label line and figures this level stand in one row, for rows do not overlap
STEP = 1.6            # characters from line to line: the next line is no part of the label
LONGEST = 8           # lines of a label

FILLED = 0.3          # of the height: broken lines of one column differ by less
_MARKS = tuple("-－—–/／无零〇")

Group = tuple[list[Row], Row | None]          # label lines of a row (may be none), its value line (may be none)
State = tuple[int, int]                       # lines shared out, value lines passed


def groups(table: Table) -> list[Group]:
    """The rows of a table: the label lines in its last label column with the value lines they belong to.

    Labels are set in the middle of their row or begin at its top: the cheaper reading of the two is taken.
    """
    lines = [row for row in table.body if any(is_leaf(word, table) for word in row.words)]
    if not lines:
        return _unwrapped([([], anchor) for anchor in table.anchors], table.em)
    level = _level(lines, table.anchors, table.em)
    found = _cheaper(lines, table, level) or _cheaper(lines, table, {})
    return _unwrapped(found, table.em)


def _cheaper(lines: Sequence[Row], table: Table, level: dict[int, int]) -> list[Group]:
    """The cheaper of both readings; [] where neither keeps every line with the figures it is `level` with."""
    sharings = [_Sharing(lines, table.anchors, table.em, top, level) for top in (False, True)]
    best = min((sharing.cheapest() for sharing in sharings), key=lambda found: found[0])
    return best[1]


def _level(lines: Sequence[Row], anchors: Sequence[Row], em: float) -> dict[int, int]:
    """The value line that a label line stands level with, for those that do."""
    return {i: j for i, line in enumerate(lines) for j, anchor in enumerate(anchors) if abs(anchor.y - line.y) < LEVEL * em}


@dataclass(frozen=True)
class _Sharing:
    """A search from the top; the cost is the distance of figures from the label they belong to."""

    lines: Sequence[Row]
    anchors: Sequence[Row]
    em: float
    top: bool                  # labels begin at the height of their figures, else stand around them
    level: dict[int, int]

    def cheapest(self) -> tuple[float, list[Group]]:
        """The cheapest sharing and its cost; `best` has the cost of every state and the state before it."""
        best: dict[State, tuple[float, State]] = {(0, 0): (0.0, (0, 0))}
        ends = [_reach(self.lines, start, self.em) for start in range(len(self.lines))]
        for i in range(len(self.lines) + 1):
            for j in range(len(self.anchors) + 1):
                for state, price in self._steps((i, j), ends) if (i, j) in best else ():
                    cost = best[i, j][0] + price
                    if state not in best or cost < best[state][0]:
                        best[state] = (cost, (i, j))
        end = (len(self.lines), len(self.anchors))
        return (best[end][0], self._groups(best, end)) if end in best else (float("inf"), [])

    def _groups(self, best: dict[State, tuple[float, State]], state: State) -> list[Group]:
        groups: list[Group] = []
        while state != (0, 0):
            before = best[state][1]
            figures = self.anchors[before[1]] if state[1] > before[1] else None
            groups.append((list(self.lines[before[0]:state[0]]), figures))
            state = before
        return groups[::-1]

    def _steps(self, state: State, ends: Sequence[int]) -> Iterator[tuple[State, float]]:
        """The states after this one and what they cost: figures alone, a label alone, or both as one row.

        Where the next label and the next figures are far apart only the upper one can be next.
        """
        i, j = state
        both = i < len(self.lines) and j < len(self.anchors)
        ahead = self.lines[i].y - self.anchors[j].y if both else 0.0
        if j < len(self.anchors) and ahead > -FAR * self.em and j not in self.level.values():
            yield (i, j + 1), STRAY * self.em
        if i == len(self.lines) or ahead >= FAR * self.em:
            return
        orphan = (ORPHAN if ENUMERATOR.match(self.lines[i].line.text) else STRAY) * self.em
        for end in range(i + 1, ends[i] + 1):
            owners = {self.level[line] for line in range(i, end) if line in self.level}
            if not owners:
                yield (end, j), orphan
            if both and (owners == {j} or (not owners and j not in self.level.values())):
                yield (end, j + 1), self._distance(i, end, j)

    def _distance(self, start: int, end: int, figures: int) -> float:
        upper = self.lines[start].y
        middle = upper if self.top else (upper + self.lines[end - 1].y) / 2
        return abs(middle - self.anchors[figures].y)


def _reach(lines: Sequence[Row], start: int, em: float) -> int:
    """How far a label that begins at this line can run: to the next enumerator or wider step."""
    end = start + 1
    while (end < len(lines) and end - start < LONGEST and lines[end].y - lines[end - 1].y < STEP * em
           and not ENUMERATOR.match(lines[end].words[-1].text)):
        end += 1
    return end


def _unwrapped(groups: Sequence[Group], em: float) -> list[Group]:
    """Figures right below figures, without a label of their own, are the rest of numbers broken in narrow columns."""
    widths = [(value.x0, value.x1) for _, anchor in groups if anchor for value in anchor.values]
    whole: list[Group] = []
    for label, anchor in groups:
        before = whole[-1] if whole else None
        if (not label and anchor and before and before[1] and anchor.y - before[1].line.y1 + anchor.line.height / 2 < WRAP * em
                and all(_broken(before[1].values, value, widths) for value in anchor.values)):
            upper = before[1]
            joined = Row(upper.line, upper.pieces, [*upper.values, *anchor.values], upper.words, upper.serial)
            whole[-1] = (before[0], joined)
        else:
            whole.append((label, anchor))
    return whole


def _broken(uppers: Sequence[Line], lower: Line, widths: Sequence[tuple[float, float]]) -> bool:
    """Can a figure be the rest of one above it? That one fills its column, and no number begins with 0."""
    above = [upper for upper in uppers if overlap(upper, (lower.x0, lower.x1))]
    return any(not upper.text.startswith(("0", "０")) and upper.text[-1:] not in _MARKS and lower.text[-1:] not in _MARKS
               and upper.x1 - upper.x0 + FILLED * upper.height > max(x1 - x0 for x0, x1 in widths if overlap(upper, (x0, x1)))
               for upper in above)
