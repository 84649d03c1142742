"""Rows cut by a page, and cells broken over lines of text, made whole again: only where that gives a name of the form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from parsers import labels
from parsers.tables.slots import Line, Slot, moved
from parsers.text import squeeze

_HEADS = ("request_columns", "request_column_groups", "proactive_columns", "remedy_groups")
_MOST_BREAKS = 4       # of one cell: 社会公益组织 in a column one character wide has more, and is read by its other rows


def mended(found: list[Line]) -> list[Line]:
    """The lines of a document with what a page or a narrow cell has cut joined; heads printed again stay where they are."""
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
        if upper.grid == lower.grid or not upper.aligned or not _known_row(label) or len(upper.slots) != len(lower.slots):
            return False
        figures = lower.slots[upper.slots.index(upper.words[-1]) + 1:]
        if not any(slot.filled for slot in _after_label(upper)):                # all its figures went to the next page
            return bool(lower.printed) and set(lower.printed) <= set(figures)
        return not all(slot.filled for slot in lower.slots[1:])
    rest = lower.words[0].text
    if upper.grid != lower.grid and upper.aligned and not _known_row(label) and _known_row(label + rest) and (
            _label_only(upper, lower) or (labels.spelt_row(label + rest) and not labels.spelt_row(rest))):
        return True
    return lower.slots.index(lower.words[0]) <= 2 and _one_label(label, rest)


@lru_cache(8192)
def _known_row(text: str) -> bool:
    """Whether a label names a row of any statutory table, without help from its neighbours."""
    row, _ = labels.request_row(text, None)
    return (row is not None and row != "other_handled") or labels.lookup("proactive_rows", text) is not None \
        or labels.indicator(text) is not None


@lru_cache(8192)
def _one_label(label: str, rest: str) -> bool:
    """Whether words below a label are the rest of it."""
    if labels.ENUMERATOR.match(squeeze(rest)):
        return False
    if _known_row(label) or _known_row(rest):              # half a label may name a row by itself
        return _continues_spelling(label, rest)
    return _known_row(label + rest) and not labels.lookup("request_groups", label)


def _continues_spelling(label: str, rest: str) -> bool:
    whole, tail = labels.key(labels.ENUMERATOR.sub("", squeeze(label + rest))), labels.key(rest)
    return len(tail) > 1 and any(spelling.startswith(whole) for spelling in labels.row_spellings())


def _label_only(upper: Line, lower: Line) -> bool:
    """Whether the figures stand all in the upper row, on the page before, and nothing but words in the lower."""
    return upper.grid != lower.grid and upper.aligned and len(lower.printed) == len(lower.words) < len(upper.printed) \
        and len(lower.slots) > 2 and any(slot.filled for slot in _after_label(upper))


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
            return count, replace(upper, slots=tuple(moved(slot, rank) for rank, slot in enumerate(whole)))
        if len(upper.slots) > 1:
            return None
    return None


@lru_cache(8192)
def _names_column_of_form(text: str) -> bool:
    return any(labels.known(name, text) for name in _HEADS) or labels.remedy(text)[1] is not None


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
        complete = _known_row(joined.words[-1].text) and not _known_row(upper.words[-1].text)
    return joined if complete and (_label_only(upper, lower) or not _known_row(lower.words[-1].text)) else None


def _completed(upper: Slot, lower: Slot | None) -> Slot:
    if lower is None:
        return upper
    return replace(upper.saying(upper.text + lower.text), doubtful=not upper.label)
