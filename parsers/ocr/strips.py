"""The ink of a page in spots (touching pixels), spots into lines, lines into strips for the recogniser."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

SPECK = 2.0                # points: smaller spots may be dirt
FAINT = 0.7                # points: and smaller than this is never anything else
REACH = 6.0                # points: how near the letters beside a decimal point stand
BESIDE = 1.8               # points from the middle of a wall: no letter stands nearer
THIN = 1.4                 # points
DOT = 0.28                 # of a letter: what is smaller is a dot
LEAST = 7.0                # points: a low line (a dash, 一) is cut as high as letters are
PAD = 0.18                 # of the height of a line, around a strip
TALL = 1.5                 # heights of a letter: a band this high is more than one line
PITCHES = (0.9, 1.45)      # sizes of a letter from one line to the next, where their ink touches
PITCH = 1.15               # the usual one


class Line(NamedTuple):
    """A line of text, or a piece of one: its box in pixels and the numbers of its spots."""

    x0: int
    y0: int
    x1: int
    y1: int
    spots: Any


class Spots:
    """Every spot of a mask: its box, its middle and its pixels; `scale` is pixels per point."""

    def __init__(self, mask: Any, scale: float) -> None:
        self.scale = scale
        _, self.labels, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
        self.x0, self.y0 = stats[:, 0], stats[:, 1]
        self.x1, self.y1 = stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]
        self.area = stats[:, 4]
        self.x, self.y = middles[:, 0], middles[:, 1]

    def inside(self, left: float, top: float, right: float, bottom: float) -> Any:
        """The numbers of the spots whose middle lies in a box."""
        found = (self.x >= left) & (self.x < right) & (self.y >= top) & (self.y < bottom)
        found[0] = False
        return np.flatnonzero(found)

    def off_walls(self, spots: Any, left: float, top: float, right: float, bottom: float) -> Any:
        """Without what is left of the walls of a cell: thin pieces along its edges."""
        near, thin = BESIDE * self.scale, THIN * self.scale
        wide, high = self.x1[spots] - self.x0[spots], self.y1[spots] - self.y0[spots]
        upright = (wide < thin) & ((self.x1[spots] < left + near) | (self.x0[spots] > right - near))
        level = (high < thin) & ((self.y1[spots] < top + near) | (self.y0[spots] > bottom - near))
        return spots[~(upright | level)]

    def largest(self, spots: Any) -> float:
        """The longer side of the largest spot, in points."""
        return float(np.maximum(self.x1[spots] - self.x0[spots], self.y1[spots] - self.y0[spots]).max(initial=0)) / self.scale

    def clean(self, spots: Any) -> Any:
        """Without dirt. A small spot is a sign only between letters (a decimal point) or over one (the dot of an i)."""
        scale = self.scale
        x0, y0, x1, y1 = (side[spots] / scale for side in (self.x0, self.y0, self.x1, self.y1))
        large = np.maximum(x1 - x0, y1 - y0) >= SPECK
        kept = large.copy()
        for i in np.flatnonzero(~large & (np.maximum(x1 - x0, y1 - y0) >= FAINT)):
            beside = large & (y0 < y1[i] + 1) & (y1 > y0[i] - 1)
            left = (beside & (x1 > x0[i] - REACH) & (x0 < x0[i])).any()
            right = (beside & (x0 < x1[i] + REACH) & (x1 > x1[i])).any()
            above = (large & (x0 < x1[i]) & (x1 > x0[i]) & (y0 < y1[i] + 3) & (y1 > y0[i] - 3)).any()
            kept[i] = (left and right) or above
        return spots[kept]

    def letter(self, spots: Any) -> float:
        """The size of the usual letter among the spots, in pixels: strokes are as wide or as high as their letter."""
        sizes = np.maximum(self.x1[spots] - self.x0[spots], self.y1[spots] - self.y0[spots])
        sizes = sizes[sizes >= SPECK * self.scale]
        return float(np.percentile(sizes, 80)) if len(sizes) else 0.0

    def lines(self, spots: Any, apart: float, least: float = 0.0) -> Iterator[Line]:
        """Lines from top to bottom, each cut where it is empty for `apart` line heights; letters are of size `least`."""
        for whole in self._stacked(spots, least):
            line = self._without_dots(whole, least)
            gap = max(2, round(apart * max(line.y1 - line.y0, 6 * self.scale)))
            for x0, x1 in _runs(self.x0[line.spots], self.x1[line.spots], gap):
                spots = line.spots[(self.x0[line.spots] >= x0) & (self.x1[line.spots] <= x1)]
                yield self._line(spots, line.y0, line.y1)

    def _without_dots(self, line: Line, least: float) -> Line:
        """A line without the dots that stand apart from its letters: dirt. Those of letters and stops stand near one."""
        x0, x1 = self.x0[line.spots], self.x1[line.spots]
        sizes = np.maximum(x1 - x0, self.y1[line.spots] - self.y0[line.spots])
        letter = max(self.letter(line.spots), least)
        large = sizes >= DOT * letter
        keep = large.copy()
        for dot in np.flatnonzero(~large):
            left, right = x0[dot] - x1[large], x0[large] - x1[dot]
            before, after = left[left >= 0].min(initial=4 * letter), right[right >= 0].min(initial=4 * letter)
            over = ((left < 0) & (right < 0)).any()
            keep[dot] = over or before < 0.4 * letter or (after < 0.2 * letter) or max(before, after) < 0.8 * letter
        return self._line(line.spots[keep], line.y0, line.y1) if large.any() else line

    def _line(self, spots: Any, top: int, bottom: int) -> Line:
        """The line of some spots, what of them stands above `top` or below `bottom` cut off."""
        return Line(int(self.x0[spots].min()), max(top, int(self.y0[spots].min())),
                    int(self.x1[spots].max()), min(bottom, int(self.y1[spots].max())), spots)

    def _stacked(self, spots: Any, least: float) -> Iterator[Line]:
        """The lines one above the other, over their whole width."""
        if not len(spots):
            return
        bands = [spots[(self.y0[spots] >= y0) & (self.y1[spots] <= y1)]
                 for y0, y1 in _runs(self.y0[spots], self.y1[spots], round(0.8 * self.scale))]
        split = [line for band in bands for line in self._split(band, least)]
        yield from self._merged(split)

    def _split(self, band: Any, least: float) -> Iterator[Line]:
        """A band of ink at its valleys, when it is too high for one line. Letters that touch across a valley are cut."""
        top, bottom = int(self.y0[band].min()), int(self.y1[band].max())
        letter = max(self.letter(band), 0.9 * least)
        if not letter or bottom - top < TALL * letter:
            yield self._line(band, top, bottom)
            return
        edges = [0, *_valleys(self._profile(band, top, bottom), letter), bottom - top]
        middle, tall = (self.y0[band] + self.y1[band]) / 2 - top, self.y1[band] - self.y0[band] > 1.35 * letter
        for upper, lower in itertools.pairwise(edges):
            shared = np.minimum(self.y1[band] - top, lower) - np.maximum(self.y0[band] - top, upper)
            own = np.where(tall, shared > 0.4 * (lower - upper), (middle >= upper) & (middle < lower + (lower == edges[-1])))
            if own.any():
                clip = tall[own].any()
                yield self._line(band[own], top + upper if clip else top, top + lower if clip else bottom)

    def _profile(self, band: Any, top: int, bottom: int) -> Any:
        """How many pixels of the band each row has."""
        left, right = int(self.x0[band].min()), int(self.x1[band].max())
        known = np.zeros(len(self.x0), bool)
        known[band] = True
        return known[self.labels[top:bottom, left:right]].sum(axis=1).astype(np.float32)

    def _merged(self, split: Sequence[Line]) -> Iterator[Line]:
        """Low lines (the dots of letters, a stroke set apart) joined to the line next to them when it is near."""
        least = 0.35 * max((line.y1 - line.y0 for line in split), default=0)
        whole: list[Line] = []
        for line in split:
            near = whole and line.y0 - whole[-1].y1 < least
            if near and (line.y1 - line.y0 < least or whole[-1].y1 - whole[-1].y0 < least):
                above = whole.pop()
                line = self._line(np.concatenate((above.spots, line.spots)), above.y0, line.y1)
            whole.append(line)
        return iter(whole)

    def strip(self, image: Any, line: Line) -> Any:
        """The grey pixels of a line with room around it, white where ink of others stands."""
        x0, y0, x1, y1, spots = line
        least = round(LEAST * self.scale)
        if y1 - y0 < least:
            grow = least - (y1 - y0)
            y0, y1 = y0 - grow // 2, y1 + grow - grow // 2
        pad = max(2, round(PAD * (y1 - y0)))
        height, width = image.shape
        top, bottom, left, right = max(0, y0 - pad), min(height, y1 + pad), max(0, x0 - pad), min(width, x1 + pad)
        labels = self.labels[top:bottom, left:right]
        own = np.zeros(len(self.x0), np.uint8)
        own[spots] = 255
        near = cv2.dilate(own[labels], np.ones((3, 3), np.uint8), iterations=max(1, round(0.5 * self.scale)))
        return np.where(near > 0, image[top:bottom, left:right], 255).astype(np.uint8)


def _valleys(profile: Any, letter: float) -> list[int]:
    """The rows that part the lines of a band: as many, evenly spaced, as the emptiest choice of rows allows."""
    size = len(profile)
    best, chosen = float("inf"), list[int]()
    smooth = cv2.GaussianBlur(profile[:, None], (1, 3), 0)[:, 0]
    for count in range(max(2, round(size / (PITCHES[1] * letter))), max(2, round(size / (PITCHES[0] * letter))) + 1):
        pitch = size / count
        reach = max(1, round(0.25 * pitch))
        cuts = []
        for number in range(1, count):
            middle = round(number * pitch)
            window = smooth[max(0, middle - reach):middle + reach + 1]
            cuts.append(max(0, middle - reach) + int(window.argmin()))
        emptiness = float(np.mean(smooth[cuts]) / max(smooth.mean(), 1e-6))
        oddity = emptiness + 0.6 * abs(math.log(pitch / (PITCH * letter)))
        if oddity < best:
            best, chosen = oddity, cuts
    return chosen


def _runs(starts: Any, ends: Any, gap: int) -> list[tuple[int, int]]:
    """(first, after last) of what the stretches cover, gaps up to `gap` bridged."""
    runs: list[list[int]] = []
    for start, end in sorted(zip(starts.tolist(), ends.tolist(), strict=True)):
        if runs and start - runs[-1][1] <= gap:
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    return [(start, end) for start, end in runs]
