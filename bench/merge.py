"""Rows per second when archives merge: several shards that share a quarter of their documents, into one, twice.

    python -m bench.merge [--shards 4] [--documents 100000] [--readings 1000]

The shards hold catalogue rows only (captures, documents, links, readings with cells): bytes are copied at the speed of hashing.
The second pass merges everything again, the other way round, and must change nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive import readings, seals
from archive.merge import CACHE, merge
from archive.readings import Reading
from archive.store import Archive
from bench import write

CELLS = 60


def shard(folder: Path, n: int, documents: int, read: int) -> None:
    """Documents n×¾ … of one long row of documents, so that neighbours share a quarter."""
    first = n * documents * 3 // 4
    with Archive(folder) as archive:
        archive.db.execute("pragma synchronous = off")
        archive.db.execute(f"pragma cache_size = {CACHE}")
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values (?, '2024-01-01', 'crawl')", (f"{n:032x}",))
            keys = range(first, first + documents)
            fill(archive.db, "document", (
                (key(k), 9000 + k % 977, "text/html", f"2024-01-01T{k % 24:02}:00:00Z") for k in keys))
            fill(archive.db, "capture", _captures(n, first, documents))
            fill(archive.db, "link", ((key(k)[:32], key(k), 0, key(-k - 1)[:32], "a.example",
                                       f'{{"url":"http://a.example/{k}.pdf"}}') for k in keys))
            readings.save(archive.db, [_reading(k) for k in range(first, first + read)])


def fill(db: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Rows with their seals, as the archive writes them."""
    width = len(db.execute(f"pragma table_info({table})").fetchall())
    db.executemany(f"insert into {table} values ({','.join('?' * width)})", (seals.sealed(*row) for row in rows))


def _captures(n: int, first: int, documents: int) -> Iterator[tuple[object, ...]]:
    for k in range(first, first + documents):
        url = f"http://a.example/zwgk/{k}.html"
        yield (hashlib.sha256(f"{n} {k}".encode()).hexdigest()[:32], f"{n:032x}", key(k)[:32], "p", "http://a.example/zwgk/",
               "article", url, url, f"2024-01-01T{k % 24:02}:00:00.{k % 1000000:06}Z", 200, "ok", key(k), "http://a.example/zwgk/",
               f"第{k}局2023年政府信息公开工作年度报告", "2024-01-20", "", "", '[["Content-Type", "text/html"]]', "", "")


def _reading(k: int) -> Reading:
    cell = {"raw": "1", "value": 1, "status": "number", "unit": "件", "where": "line 9"}
    tags = {"agency_id": f"140927:b{k}", "agency": f"第{k}局", "year": 2023, "scope": "own"}
    return Reading(key(k), "1", "{}", "2024-01-02", {
        "kind": "report", "reader": "html", "title": f"第{k}局年报", "text": "收到申请一件。" * 200, "text_digest": key(k),
        "tags": {name: {"value": value, "confidence": 1.0, "evidence": []} for name, value in tags.items()},
        "requests": {f"row{c}": {"total": cell} for c in range(CELLS)}})


def key(k: int | str) -> str:
    """A digest; its beginning is a uid."""
    return hashlib.sha256(str(k).encode()).hexdigest()


def rows(folder: Path) -> int:
    db = sqlite3.connect(folder / "archive.db")
    names = ("capture", "document", "link", "cell")
    count = sum(int(db.execute(f"select count(*) from {name}").fetchone()[0]) for name in names)
    db.close()
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--readings", type=int, default=1_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    shards = [folder / f"shard{n}" for n in range(options.shards)]
    for n, path in enumerate(shards):
        shard(path, n, options.documents, options.readings)
    figures: dict[str, float | int] = {}
    with Archive(folder / "all") as archive:
        for name, order in (("first", shards), ("again", shards[::-1])):
            start, spent = time.perf_counter(), time.process_time()
            looked_at = sum(merge(archive, path).rows for path in order)
            seconds = time.perf_counter() - start
            figures |= {f"{name}_rows": looked_at, f"{name}_seconds": round(seconds, 1),
                        f"{name}_rows_per_second": round(looked_at / seconds),
                        f"{name}_rows_per_cpu_second": round(looked_at / (time.process_time() - spent))}
            print(json.dumps(figures), flush=True)
            figures[f"{name}_rows_kept"] = rows(folder / "all")
    shutil.rmtree(folder)
    print(write("merge", figures))
    if figures["first_rows_kept"] != figures["again_rows_kept"]:
        raise SystemExit("merging again changed the archive")


if __name__ == "__main__":
    main()
