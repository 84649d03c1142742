"""Files and pages broken at random for as long as asked: how many were tried, what crashed, what took longest.

    python -m bench.fuzz [--minutes 1] [--seed 0] [--only html_clean …]

The same breaking as `tests/test_fuzz.py`, without a fixed number of examples. A crash, or an example slower than `--slow`
seconds, is told with its kind and seed; each becomes a case of the tests.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections import Counter
from types import FrameType
from typing import Any

from bench import write
from tests import test_fuzz as fuzz


class Hangs(BaseException):
    """An example that does not end."""


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise Hangs


TRIES = {"file": fuzz.try_file, "page": fuzz.try_page, "text": fuzz.try_text, "web archive": fuzz.try_web_archive}


def examples(only: list[str]) -> list[tuple[str, str]]:
    """What can be tried, as (what, kind): files by format, pages by platform."""
    files = [("file", kind) for kind in fuzz.KINDS]
    pages = [("page", name) for name in ("", *fuzz.platforms.names())]
    others = [("text", kind) for kind in fuzz.TEXTS] + [("web archive", kind) for kind in ("warc", "wacz")]
    return [each for each in files + pages + others if not only or each[1] in only]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--minutes", type=float, default=1)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--slow", type=float, default=10)
    ask.add_argument("--only", nargs="*", default=[])
    given = ask.parse_args()
    signal.signal(signal.SIGALRM, _ring)
    chosen, until = examples(given.only), time.monotonic() + 60 * given.minutes
    tried, crashes, slowest = Counter[str](), list[dict[str, Any]](), dict[str, tuple[float, int]]()
    seed = given.seed
    while time.monotonic() < until:
        what, kind = chosen[seed % len(chosen)]
        name = f"{what} {kind or 'any'}"
        began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 6 * given.slow, 1)
        try:
            TRIES[what](kind, seed)
        except (Exception, Hangs) as error:  # noqa: BLE001 - any error but a refusal is what is looked for
            told = traceback.format_exc()
            crashes.append({"example": name, "seed": seed, "error": f"{type(error).__name__}: {error}"[:300]})
            print(f"== {name}, seed {seed}\n{told}", file=sys.stderr, flush=True)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.monotonic() - began
        slowest[name] = max(slowest.get(name, (0.0, 0)), (round(took, 2), seed))
        tried[name] += 1
        if took > given.slow:
            print(f"== {name}, seed {seed}: {took:.1f} s", file=sys.stderr, flush=True)
        seed += 1
    write("fuzz", {"tried": tried.total(), "crashes": crashes, "by_example": dict(tried), "slowest": slowest})
    raise SystemExit(1 if crashes else 0)


if __name__ == "__main__":
    main()
