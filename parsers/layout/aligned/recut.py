"""Pieces that stand too near to each other to be told apart on their line, cut where the columns of the other lines part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.layout.aligned.rows import Row, is_value, left_of, overlap, widened
from parsers.layout.lines import Line, piece_of, segments

LOOSE = 0.2           # of the height: figures of one number stand closer
FEWEST = 3            # labels never end in figures below each other by chance
NEAR = 1.0            # points left of its column a figure may begin

Columns = Sequence[tuple[float, float]]


def recut(rows: Sequence[Row]) -> None:
    """Part figures of two columns, and a label from the figure behind it, in the rows of a table."""
    if not any(_is_loose(piece) for row in rows for piece in row.values) and not any(
            word.text[-1:].isdecimal() for row in rows for word in row.words):
        return
    columns = _glued([word for row in rows for word in row.words])
    for row in rows:
        for piece in row.values:
            if not _is_loose(piece):
                columns = widened(columns, piece)
    for row in rows:
        if any(map(_is_loose, row.values)):
            row.values = [part for piece in row.values for part in _figures(piece, columns)]
        for at, word in enumerate(row.words):
            if word.text[-1:].isdecimal() and (cut := _behind(word, row, columns)):
                row.words[at] = piece_of(word.glyphs[:cut])
                row.values = sorted([*row.values, piece_of(word.glyphs[cut:])], key=left_of)


def _is_loose(piece: Line) -> bool:
    return len(piece.glyphs) > 1 and piece.gap > LOOSE * piece.height


def _glued(words: Sequence[Line]) -> list[tuple[float, float]]:
    """The columns that only figures right behind labels stand in: one below the other, three at least."""
    tails = [piece_of(word.glyphs[at:]) for word in words if word.text[-1:].isdecimal() and (at := _tail(word))]
    columns: list[tuple[float, float]] = []
    for tail in tails:
        columns = widened(columns, tail)
    return [column for column in columns if sum(overlap(tail, column) for tail in tails) >= FEWEST]


def _tail(word: Line) -> int:
    """Where the digits begin that a piece ends in; 0 when it is nothing else, or its last character holds more than a digit."""
    at = len(word.glyphs)
    while at and word.glyphs[at - 1].text.isdecimal():
        at -= 1
    return at if at < len(word.glyphs) else 0


def _figures(piece: Line, columns: Columns) -> Iterator[Line]:
    """The parts of a piece that stand in columns of their own; else the piece."""
    parts = segments(piece, LOOSE)
    places = [[column for column in columns if overlap(part, column)] for part in parts]
    alone = all(len(place) == 1 for place in places) and len({place[0] for place in places if place}) == len(parts)
    yield from parts if alone else [piece]


def _behind(word: Line, row: Row, columns: Columns) -> int:
    """Where the figure begins that stands right behind a label, in a column without another figure; 0 for none."""
    for left, right in columns:
        starts = [at for at, glyph in enumerate(word.glyphs) if left - NEAR <= glyph.x0 < right]
        if starts and starts[0] and not any(overlap(value, (left, right)) for value in row.values):
            return starts[0] if is_value("".join(glyph.text for glyph in word.glyphs[starts[0]:])) else 0
    return 0
