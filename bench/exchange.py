"""WACZ out and in again: records per second, and whether memory stays flat as the archive grows.

    python -m bench.exchange [--records 10000] [--size 60000]

An archive of invented pictures (nothing is read, only stored), a quarter of its captures revisits, is exported and imported
into a new one, each by `nianbao` in a process of its own, at a quarter of the size and at the whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive.store import Archive, Observation
from bench import write
from spiders.models import Target


def make(folder: Path, records: int, size: int) -> None:
    """Three of four captures bring new bytes, which nothing makes smaller."""
    draw = random.Random(4)
    with Archive(folder) as archive:
        archive.blobs.execute("pragma synchronous = off")
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024', 'bench')")
        body = b""
        for start in range(0, records, 100):
            group = []
            for n in range(start, start + 100):
                if n % 4 != 3:
                    body = b"\x89PNG\r\n\x1a\n" + draw.randbytes(size)
                url = f"http://www.town{n % 500}.gov.cn/nb/{n}"
                group.append(Observation("r", Target(url).uid, "list", url, f"2024-01-{1 + n % 28:02}T00:00:00.{n:06}Z", 200,
                                         "ok", body, media_type="image/png", headers='[["Content-Type", "image/png"]]'))
            archive.put(group)


def run(*words: str) -> tuple[float, int]:
    """Seconds and peak MB of one command."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", "from crawler.cli import cli; cli()", *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{words[0]} ended with {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=60_000)
    options = parser.parse_args()
    figures: dict[str, float | int] = {"records": options.records, "bytes_each": options.size}
    for name, records in (("quarter", options.records // 4), ("whole", options.records)):
        folder = Path(tempfile.mkdtemp())
        make(folder / "a", records, options.size)
        seconds, peak = run("export", str(folder / "out"), "--format", "wacz", "--archive", str(folder / "a"))
        figures |= {f"{name}_export_records_per_second": round(records / seconds), f"{name}_export_peak_mb": peak}
        seconds, peak = run("add", str(folder / "out" / "archive.wacz"), "--archive", str(folder / "b"))
        figures |= {f"{name}_import_records_per_second": round(records / seconds), f"{name}_import_peak_mb": peak}
        shutil.rmtree(folder)
        print(json.dumps(figures), flush=True)
    for what in ("export", "import"):
        figures[f"{what}_memory_ratio"] = round(figures[f"whole_{what}_peak_mb"] / figures[f"quarter_{what}_peak_mb"], 2)
    print(write("exchange", figures))


if __name__ == "__main__":
    main()
