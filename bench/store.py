"""Durable objects per second: our archive beside a file each with fsync, and beside WARC.gz records written with warcio.

    python -m bench.store [--objects 600] [--rounds 3]

The same objects for all (70 % pages of 10–90 KB, 15 % documents of 30–120 KB, 15 % PDF-like of 0.1–1.2 MB), in turn. Ours
stores each with its capture, its document and its "done" in groups as a crawl does, and loses nothing at a power cut; a file is
written, synced, renamed and its folder synced; WARC is synced every 200 records. The bar: at least four times a file each.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from warcio.warcwriter import WARCWriter

from archive.blobs import sync_folder, write_file
from archive.store import Archive, Observation
from bench import write
from crawler.writer import GROUP

Object = tuple[str, bytes]               # media type, bytes
WORDS = "政府信息公开工作年度报告主动公开依申请行政复议诉讼存在的主要问题及改进情况其他需要报告的事项".encode()


def objects(count: int) -> list[Object]:
    """The mix of ARCHIVE's measurements: text that packs, documents and PDFs that do not."""
    draw = random.Random(2026)
    made: list[Object] = []
    for n in range(count):
        kind = draw.random()
        if kind < 0.7:
            size = draw.randrange(10_000, 90_000)
            body = b"".join(bytes(draw.choices(WORDS, k=400)) + str(n).encode() for _ in range(size // 400))
            made.append(("text/html", body))
        else:
            size = draw.randrange(30_000, 120_000) if kind < 0.85 else draw.randrange(100_000, 1_200_000)
            made.append(("application/pdf", draw.randbytes(size)))
    return made


def ours(folder: Path, wanted: Sequence[Object]) -> None:
    with Archive(folder) as archive:
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024', 'crawl')")
        for start in range(0, len(wanted), GROUP):
            archive.put([seen(start + n, *each) for n, each in enumerate(wanted[start:start + GROUP])])


def seen(n: int, kind: str, body: bytes) -> Observation:
    return Observation("r", f"{n:032x}", "article", f"http://a.example/{n}", "2024-01-01", 200, "ok", body, media_type=kind)


def files(folder: Path, wanted: Sequence[Object]) -> None:
    for _, body in wanted:
        digest = hashlib.sha256(body).hexdigest()
        path = folder / digest[:2] / digest
        write_file(path, body)
        sync_folder(path.parent)


def warc(folder: Path, wanted: Sequence[Object]) -> None:
    with (folder / "all.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for n, (kind, body) in enumerate(wanted):
            writer.write_record(writer.create_warc_record(
                f"http://a.example/{n}", "resource", payload=io.BytesIO(body), length=len(body), warc_content_type=kind))
            if n % GROUP == GROUP - 1:
                file.flush()
                os.fsync(file.fileno())
        file.flush()
        os.fsync(file.fileno())


STORES: dict[str, Callable[[Path, Sequence[Object]], None]] = {"nianbao": ours, "files": files, "warc": warc}


def rate(store: Callable[[Path, Sequence[Object]], None], wanted: Sequence[Object]) -> tuple[float, int]:
    """(objects per second, bytes on disk)"""
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        store(Path(name), wanted)
        took = time.perf_counter() - began
        return len(wanted) / took, sum(path.stat().st_size for path in Path(name).rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--objects", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    wanted = objects(options.objects)
    size = sum(len(body) for _, body in wanted)
    found = {name: [rate(store, wanted) for _ in range(options.rounds)] for name, store in STORES.items()}
    rates = {name: statistics.median(each for each, _ in rounds) for name, rounds in found.items()}
    figures: dict[str, object] = {"objects": len(wanted), "mean_bytes": size // len(wanted)}
    for name, rounds in found.items():
        figures[name] = {"objects_per_second": round(rates[name]), "size_ratio": round(rounds[0][1] / size, 2),
                         "ours_is_faster_by": round(rates["nianbao"] / rates[name], 2)}
        print(name, figures[name])
    print(write("store", figures))


if __name__ == "__main__":
    main()
