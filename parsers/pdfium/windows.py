"""Clip boxes: what a page was printed through. A browser drops the figures that stand outside of one, without a trace.

pdfium keeps the clips of those texts only that stick out of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, repeat

from parsers.layout.ink import Box
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import Frame

MAX_CLIPS = 200            # looked at on a page

_clip = calls.function("FPDFPageObj_GetClipPath", Address, result=Address)
_count_paths = calls.function("FPDFClipPath_CountPaths", Address)
_count_segments = calls.function("FPDFClipPath_CountPathSegments", Address, Whole)
_segment = calls.function("FPDFClipPath_GetPathSegment", Address, Whole, Whole, result=Address)
_point = calls.function("FPDFPathSegment_GetPoint", Address, Address, Address)


def windows(texts: Sequence[int], frame: Frame) -> list[Box]:
    """The clip boxes of these text objects, which stand on the page itself, as far as they are narrower than the paper."""
    width = frame.size[0]
    clips = list(map(_clip, texts))
    clipped = [clip for clip in compress(clips, map((0).__lt__, map(_count_paths, clips))) if clip]
    boxes = (_box(clip, frame) for clip in clipped[:MAX_CLIPS])
    return list({box: None for box in boxes if box is not None and (box.x0 > 0 or box.x1 < width)})


def _box(clip: int, frame: Frame) -> Box | None:
    """The box that all paths of a clip leave."""
    boxes = [box for path in range(_count_paths(clip)) for box in _path_box(clip, path, frame)]
    if not boxes:
        return None
    return Box(*(max(box[side] for box in boxes) for side in (0, 1)), *(min(box[side] for box in boxes) for side in (2, 3)))


def _path_box(clip: int, path: int, frame: Frame) -> Iterator[Box]:
    count = _count_segments(clip, path)
    segments = [segment for segment in map(_segment, repeat(clip), repeat(path), range(max(count, 0))) if segment]
    if segments:
        xs, ys = calls.answers(_point, len(segments), segments, of="ff", apart=True)
        yield frame.box(min(xs), min(ys), max(xs), max(ys))
