"""Pictures as arrays: decoded, made grey and even in light."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from parsers.exceptions import Damaged, TooLarge

MAX_PIXELS = 1 << 27       # an A3 page at 600 dpi has 70 million
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))
MAX_SIDE = 3600            # pixels: finer scans are made smaller, A4 at 300 dpi stays as it is
MIN_SIDE = 2300            # coarser ones are made larger, A4 at 200 dpi stays as it is
RED = 45                   # how much brighter the red of a seal is than its blue or green

cv2: Any = import_module("cv2")
cv2.setNumThreads(1)       # a reading process has one core to itself
np: Any = import_module("numpy")


def decode(data: bytes) -> list[Any]:
    """The pictures of a file, one per page. Raises `Damaged`, `TooLarge`."""
    array = np.frombuffer(data, np.uint8)
    try:
        done, pages = cv2.imdecodemulti(array, cv2.IMREAD_COLOR)
        if not done:
            one = cv2.imdecode(array, cv2.IMREAD_COLOR)
            pages = [] if one is None else [one]
    except cv2.error as error:
        if "pixels" in str(error).lower() or "size" in str(error).lower():
            raise TooLarge(f"the picture has more than {MAX_PIXELS:,} pixels; save it smaller") from error
        raise Damaged("the picture cannot be decoded; fetch it again") from error
    if not pages:
        raise Damaged("the picture is broken or cut off; fetch it again")
    return list(pages)


def from_buffer(buffer: bytes, width: int, height: int, stride: int, channels: int) -> Any:
    """The array of a bitmap in memory, copied."""
    rows = np.frombuffer(buffer, np.uint8)[:height * stride].reshape(height, stride)
    return rows[:, :width * channels].reshape(height, width, channels)[:, :, :min(channels, 3)].copy()


def grey(pixels: Any) -> Any:
    """Dark on white, one channel, the light made even, of a size that the recogniser likes."""
    if pixels.ndim == 3:
        pixels = pixels[:, :, 0] if pixels.shape[2] == 1 else _without_seals(pixels[:, :, :3])
    if np.median(pixels) < 100:
        pixels = 255 - pixels
    pixels = _sized(pixels)
    paper = cv2.medianBlur(cv2.dilate(cv2.resize(pixels, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA),
                                      np.ones((5, 5), np.uint8)), 11)
    paper = cv2.resize(paper, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.clip(pixels.astype(np.float32) * (255.0 / np.maximum(paper, 60)), 0, 255).astype(np.uint8)


def _without_seals(pixels: Any) -> Any:
    """Grey, with what is bright red (a seal) white as paper: letters under it are dark in red light too and stay."""
    grey = np.maximum(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), pixels[:, :, 2])
    paper = np.percentile(grey[::8, ::8], 80)
    return np.where(seals(pixels) & (grey < paper), np.uint8(paper), grey)


def seals(pixels: Any) -> Any:
    """Where a picture is bright red; None for a grey one."""
    if pixels.ndim == 2 or pixels.shape[2] < 3:
        return None
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    return (red - np.minimum(blue, green) > RED) & (red > 0.5 * np.percentile(red[::8, ::8], 80))


def _sized(pixels: Any) -> Any:
    longest = max(pixels.shape)
    factor = MAX_SIDE / longest if longest > MAX_SIDE else min(MIN_SIDE / longest, 2.0) if longest < MIN_SIDE else 1.0
    if factor == 1.0:
        return pixels
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def ink(pixels: Any) -> Any:
    """255 where there is ink, else 0."""
    block = max(31, round(max(pixels.shape) / 70) | 1)
    return cv2.adaptiveThreshold(pixels, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, block, 18)


def turned(pixels: Any, quarters: int) -> Any:
    """The picture turned by quarter turns to the right."""
    return np.ascontiguousarray(np.rot90(pixels, -quarters))
