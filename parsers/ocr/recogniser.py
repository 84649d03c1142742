"""Strips of text into words: the PP-OCR recognition model that comes inside the rapidocr wheel, straight in onnxruntime.

The library around it pads every strip to 320 pixels; cells are narrow, so strips go in batches of like width instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from parsers import gazetteer
from parsers.exceptions import NeedsTool

HEIGHT = 48                # pixels, what the model was trained on
STEP = 32                  # widths are rounded up to this
BATCH_PIXELS = 2_048       # strips of one batch together are about this wide
FIGURES = frozenset(["", *"0123456789,.，．０１２３４５６７８９-－—/"])
LONGEST = 3_200

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")


class Words(NamedTuple):
    """What a strip says, and the least sure of its letters (0 to 1)."""

    text: str
    sure: float


def recognise(strips: Sequence[Any], check: Callable[[], None], figures: bool = False) -> list[Words]:
    """The words of grey strips of one line each, in their order; `figures` allows nothing but figures and their marks.

    `check` is called before every batch.
    """
    found: list[Words] = [Words("", 1.0)] * len(strips)
    sized = [_sized(strip) for strip in strips]
    for batch in _batches([strip.shape[1] for strip in sized]):
        check()
        for index, words in zip(batch, _run([sized[index] for index in batch], figures), strict=True):
            found[index] = words
    return found


def closely(strips: Sequence[Any], check: Callable[[], None]) -> list[Words]:
    """The surest figures in strips looked at in two more ways: with more room around, and with more contrast."""
    roomy = [_bordered(strip, 0.15, 0.3) for strip in strips]
    strong = [np.clip((_bordered(strip, 0.1, 0.3).astype(np.float32) - 60) * (255 / 180), 0, 255).astype(np.uint8)
              for strip in strips]
    looks = zip(recognise(roomy, check, True), recognise(strong, check, True), strict=True)
    return [max(pair, key=lambda words: words.sure) for pair in looks]


def _bordered(strip: Any, high: float, wide: float) -> Any:
    down, across = round(high * strip.shape[0]), round(wide * strip.shape[0])
    return cv2.copyMakeBorder(strip, down, down, across, across, cv2.BORDER_CONSTANT, value=255)


def _sized(strip: Any) -> Any:
    width = max(8, min(LONGEST, round(strip.shape[1] * HEIGHT / strip.shape[0])))
    return cv2.resize(strip, (width, HEIGHT), interpolation=cv2.INTER_AREA if strip.shape[0] > HEIGHT else cv2.INTER_CUBIC)


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of strips of like width."""
    order = sorted(range(len(widths)), key=lambda index: widths[index])
    batch: list[int] = []
    for index in order:
        if batch and (_bucket(widths[index]) != _bucket(widths[batch[0]])
                      or (len(batch) + 1) * _bucket(widths[index]) > BATCH_PIXELS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _bucket(width: int) -> int:
    step = STEP if width <= 320 else 4 * STEP
    return -(-width // step) * step


def _run(strips: Sequence[Any], figures: bool) -> list[Words]:
    model = _model()
    width = _bucket(max(strip.shape[1] for strip in strips))
    batch = np.zeros((len(strips), 3, HEIGHT, width), np.float32)
    for number, strip in enumerate(strips):
        batch[number, :, :, :strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1.0
    chances = model.session.run(None, {"x": batch})[0][:, :, model.allowed]
    best = (np.where(model.figures, chances, -1.0) if figures else chances).argmax(axis=2)
    return [_decoded(row, chances[number], model) for number, row in enumerate(best)]


def _decoded(row: Any, chances: Any, model: _Model) -> Words:
    """Repeated letters and blanks of the sequence folded. A letter is as sure as it and its twin of other width are."""
    places = np.arange(len(row))
    sure_of = (chances[places, row] + np.where(model.twins[row] == row, 0.0, chances[places, model.twins[row]])).tolist()
    text, sure, last = [], 1.0, 0
    for letter, chance in zip(row.tolist(), sure_of, strict=True):
        if letter and letter != last:
            text.append(model.letters[letter])
            sure = min(sure, chance if model.letters[letter] != " " else 1.0)
        last = letter
    return Words("".join(text).strip(), sure if text else 0.0)


class _Model(NamedTuple):
    """The session, which of its outputs count, their letters, for each the same one in the other width, which are figures."""

    session: Any
    allowed: list[int]
    letters: list[str]
    twins: Any
    figures: Any


@cache
def _model() -> _Model:
    """The model, kept to the letters that Chinese offices print."""
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1       # a worker process has one core to itself
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])
    known = ["", *session.get_modelmeta().custom_metadata_map["character"].split("\n"), " "]
    size = session.get_outputs()[0].shape[-1]
    allowed = [index for index, letter in enumerate(known[:size]) if index == 0 or _printed(letter)]
    letters = [known[index] for index in allowed]
    return _Model(session, allowed, letters, _twins(letters), np.array([letter in FIGURES for letter in letters]))


def _twins(letters: Sequence[str]) -> Any:
    """For every letter the index of the same one in full or half width, itself where there is none."""
    at = {letter: index for index, letter in enumerate(letters)}
    folded = [unicodedata.normalize("NFKC", letter) for letter in letters]
    wide = {fold: index for index, (letter, fold) in enumerate(zip(letters, folded, strict=True)) if letter != fold}
    return np.array([at[fold] if fold != letter and fold in at else wide.get(letter, index)
                     for index, (letter, fold) in enumerate(zip(letters, folded, strict=True))])


def _model_file() -> Path:
    """The newest recognition model in the wheel. Raises `NeedsTool` when it has none."""
    found = find_spec("rapidocr")
    folder = Path(found.origin).parent / "models" if found and found.origin else Path()
    models = sorted(folder.glob("*rec*.onnx"))
    if not models:
        raise NeedsTool("the installed rapidocr carries no recognition model; install it with: pip install 'rapidocr>=3.10'")
    return models[-1]


def _printed(letter: str) -> bool:
    """Letters of ASCII, simplified Han of GBK and its punctuation; not the pictures and alphabets the model also knows."""
    try:
        code = letter.encode("gbk")
    except UnicodeEncodeError:
        return False
    if ord(letter) in gazetteer.traditional():
        return False
    return len(code) == 1 or code[0] not in range(0xA4, 0xB0)         # kana, Greek, Cyrillic, box drawing
