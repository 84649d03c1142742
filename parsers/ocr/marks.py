"""Marks that a recogniser of letters takes for letters, told by their shape: a dash for 一 or 1, a slash for 1."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from parsers.ocr.recogniser import Words

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

FLAT = 2.5                 # a dash is this many times longer than high
TAKEN_FOR = {"—": frozenset(["", *"一-—–－_~～ー1"]), "/": frozenset(["", *"/／丿1lI|ノ"])}
GUESS = 0.6                # a letter less sure than this does not stand against the shape of a dash
SLANT = -0.75              # correlation of x and y (downwards) along a slash


def told(strip: Any, words: Words) -> Words:
    """What a strip of one letter says: the mark that it shows, where the recogniser says what marks are taken for.

    Where the shape and a sure letter disagree the letter stands, and is doubtful.
    """
    seen = mark(strip)
    if seen is None:
        return words
    if words.text in TAKEN_FOR[seen] or (seen == "—" and words.sure < GUESS):
        return Words(seen, 1.0)
    return words._replace(sure=min(words.sure, 0.5))


def mark(strip: Any) -> str | None:
    """"—" or "/" when the strip holds one such stroke and nothing else; None otherwise."""
    mask = (strip < 140).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = [index for index in range(1, count) if stats[index, cv2.CC_STAT_AREA] > 0.1 * max(stats[1:, cv2.CC_STAT_AREA])]
    if len(large) != 1:
        return None
    width, height, area = (int(stats[large[0], which]) for which in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    if width > FLAT * height and area > 0.55 * width * height and height < 0.3 * strip.shape[0]:
        return "—"
    ys, xs = np.nonzero(labels == large[0])
    if height > 0.35 * strip.shape[0] and width > 0.25 * height and area < 0.5 * width * height:
        slant = float(np.corrcoef(xs, ys)[0, 1])
        return "/" if slant < SLANT and _straight(xs, ys, height) else None
    return None


def _straight(xs: Any, ys: Any, height: int) -> bool:
    """Do all points lie near one line? Those of a 7 or a 1 with its flag do not."""
    slope, start = np.polyfit(ys, xs, 1)
    return bool(np.abs(xs - (slope * ys + start)).max() < 0.22 * height)
