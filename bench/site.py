"""The site on a large invented archive, beside a stock Datasette on the same file in the same run.

    python -m bench.site [--reports 200000] [--characters 1100] [--bare] [--folder DIR]      DIR stays and is used again

Builds `browse.db` with the project's own publisher from reports made up on the spot (real place names, invented numbers and
prose), then asks each page several times in process and prints the fastest and the median server time. "stock" is
Datasette with nothing set on the same tables: its table page, its row page, its own search box.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from archive import site
from archive.publish import write
from archive.publish.source import Filed
from archive.views import MEASURES
from bench import write as keep
from crawler.published import words
from parsers import gazetteer
from parsers.schema import fields, load

YEARS = range(2015, 2025)
KINDS = ("justice", "education", "finance", "water", "government", "agriculture", "health", "public_security")
NAMES = ("司法局", "教育局", "财政局", "水利局", "人民政府", "农业农村局", "卫生健康局", "公安局")
_SENTENCES = (
    "主动公开方面，全年围绕群众关心的事项，在门户网站更新栏目内容{}条，办事指南随政策调整同步改写。",
    "依申请公开方面，收到政府信息公开申请{}件，均在法定期限内答复，未收取信息处理费。",
    "政府信息管理方面，对{}份文件重新确定公开属性，失效文件在目录中注明。",
    "平台建设方面，微信公众号发布信息{}条，对专栏的检索和分类作了整理。",
    "监督保障方面，组织业务学习{}次，听取社会意见后逐条记录整改结果。",
    "全年因政府信息公开被申请行政复议{}件、提起行政诉讼{}件，涉及国家秘密的{}件不予公开。",
    "存在的主要问题是公开内容与群众需求还有差距，下一步将加强培训，完善制度，拓宽渠道。",
)


class Invented:
    """Reports of as many bodies as are needed, ten years each; a pure function of the number."""

    def __init__(self, reports: int, characters: int, bare: bool = False) -> None:
        self.count, self.characters, self.bare = reports, characters, bare
        self.bodies = -(-reports // len(YEARS))
        units = (gazetteer.division(code, 2022) for code in gazetteer.by_code())
        self.places = [unit for unit in units if unit and len(unit.name) > 1]
        self.form = [
            dict(zip(("table_id", "row_id", "column_id", "position", "row_label", "column_label", "unit"), f, strict=True))
            for f in fields()
        ]

    def body(self, n: int) -> dict[str, Any]:
        place, kind = self.places[n % len(self.places)], n // len(self.places) % len(KINDS)
        ward = n // (len(self.places) * len(KINDS))
        return {
            "agency": place.name + (f"第{ward}" if ward else "") + NAMES[kind],
            "function": KINDS[kind],
            "level": place.level,
            "agency_id": f"{place.code}:{KINDS[kind]}" + (f":{ward}" if ward else ""),
            "division_code": place.code,
            "body_type": "government" if KINDS[kind] == "government" else "department",
        }

    def reports(self) -> Iterator[Filed]:
        """Oldest year first, as the archive gives them."""
        for n in range(self.count):
            yield self.report(YEARS[n // self.bodies], self.body(n % self.bodies), random.Random(n))

    def report(self, year: int, body: dict[str, Any], draw: random.Random) -> Filed:
        late, failed = draw.random() < 0.1, draw.random() < 0.08
        digest = f"{draw.getrandbits(256):064x}"
        key = f"{body['agency_id']}:{year}"
        title = f"{body['agency']}{year}年政府信息公开工作年度报告"
        row = body | {
            "report_id": key,
            "scope": "own",
            "year": year,
            "format_version": "f2021",
            "title": title,
            "digest": digest,
            "published_on": f"{year + 1}-0{5 if late else 1}-{draw.randint(10, 28)}",
            "checks_failed": int(failed),
            "url": f"http://{body['division_code']}.example.gov.cn/nb/{year}.html",
            "reading_id": digest[:32],
            "why": "",
        }
        return Filed(row, self._detail(row, failed, draw), self._text(title, body["agency"], draw))

    def _text(self, title: str, agency: str, draw: random.Random) -> str:
        parts, size = [title, f"{agency}根据《中华人民共和国政府信息公开条例》编制本报告。"], 0
        while size < self.characters:
            sentence = draw.choice(_SENTENCES)
            parts.append(sentence.format(*(draw.randint(0, 999) for _ in range(sentence.count("{}")))))
            size += len(parts[-1])
        return "\n".join(parts)

    @cached_property
    def _passed(self) -> list[dict[str, Any]]:
        return [
            {
                "rule": rule["id"],
                "verdict": "pass",
                "severity": rule["severity"][0],
                "message": rule.get("fine", ""),
                "left": None,
                "right": None,
                "where": "",
                "subject": "",
                "settled": None,
            }
            for rule in load("rules")["rules"]
        ]

    def _cell(self, n: int, value: int) -> dict[str, Any]:
        status = "number" if value else "zero"
        return {"raw": str(value), "value": value, "status": status, "unit": self.form[n]["unit"], "where": f"table 2 row {n}"}

    @cached_property
    def _zeros(self) -> list[dict[str, Any]]:
        return [self._cell(n, 0) for n in range(len(self.form))]

    def _detail(self, row: dict[str, Any], failed: bool, draw: random.Random) -> dict[str, Any]:
        tables: dict[str, Any] = {"proactive": {}, "remedies": {}, "stat2014": {}, "requests": {}}
        for n, field in enumerate(self.form):
            if field["table_id"] == "stat2014":
                continue
            cell = self._cell(n, draw.randint(1, 60)) if draw.random() < 0.15 else self._zeros[n]
            table = tables[field["table_id"]]
            if field["table_id"] == "requests":
                table.setdefault(field["row_id"], {})[field["column_id"]] = cell
            else:
                table[field["row_id"]] = cell
        wrong = [
            {
                "rule": "A03_identity",
                "verdict": "fail",
                "severity": "error",
                "left": 3,
                "right": 4,
                "subject": "",
                "settled": None,
                "message": "总计：新收 3 + 上年结转 0 ≠ （七）总计 4 + 结转下年度 0",
                "where": "carried_out.total table 2 row 26",
            }
        ]
        version = {
            "digest": row["digest"],
            "url": row["url"],
            "chosen": 1,
            "why": "the only document",
            "version": 1,
            "change": "first",
            "state": "current",
            "first_captured_at": f"{row['year'] + 1}-06-01T00:00:00Z",
            "looks": 1,
            "changes": [],
            "first_seen_at": f"{row['year'] + 1}-06-01T00:00:00Z",
            "last_seen_at": f"{row['year'] + 1}-06-01T00:00:00Z",
        }
        evidence = [{"source": "title", "quote": row["title"], "locator": "line 1", "weight": 0.9}]
        return {
            **tables,
            "report_id": row["report_id"],
            "url": row["url"],
            "why": "",
            "digest": row["digest"],
            "title": row["title"],
            "media_type": "text/html",
            "reader": "html",
            "kind": "report",
            "published_on": row["published_on"],
            "tags": {
                name: {"value": row[name], "confidence": 0.98, "evidence": evidence}
                for name in (
                    "agency",
                    "agency_id",
                    "year",
                    "level",
                    "division_code",
                    "function",
                    "body_type",
                    "scope",
                    "format_version",
                )
            },
            "formats": {"proactive": "f2021", "requests": "f2021", "remedies": "f2021"},
            "issues": [],
            "documents": [],
            "sections": [{"id": "overview", "title": "一、总体情况", "text": "", "where": "line 3"}],
            "checks": [],
            "captures": [],
            "versions": [version],
            "findings": ([] if self.bare else self._passed) + (wrong if failed else []),
        }

    def rows(self, view: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """The views beside the reports."""
        made = {
            "fields": ([*self.form[0]], (tuple(field.values()) for field in self.form)),
            "coverage": (
                ["agency_id", "year", "due_on", "state", "first_seen_at", "last_looked_at", "body", "looks", "source"],
                self._coverage(),
            ),
            "captures": (
                ["capture_id", "run_id", "url", "captured_at", "status", "outcome", "digest", "portal", "role", "error"],
                iter(()),
            ),
            "columns": (
                ["portal", "url", "platform", "outcome", "refusal", "accepted", "rejected", "walked_at", "reasons"],
                iter(()),
            ),
            "portals": (["portal", "name", "home", "division_code", "platform"], iter(())),
            "documents": (["digest", "size", "media_type", "text_digest", "first_captured_at"], iter(())),
            "issues": (["issue_id", "report_id", "kind", "message"], iter(())),
            "lineage": (["agency_id", "name", "year", "relation", "later_id", "later_name", "evidence"], iter(())),
            "measures": (["report_id", "agency_id", "year", *MEASURES], iter(())),
            "versions": (["report_id", "digest", "url", "chosen"], iter(())),
            "hosts": (["host"], iter(())),
        }
        return made[view]

    def _coverage(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.bodies):
            draw, agency_id = random.Random(-n - 1), self.body(n)["agency_id"]
            for year in YEARS:
                state = "late" if draw.random() < 0.1 else "on_time"
                yield (
                    agency_id,
                    year,
                    f"{year + 1}-01-31",
                    state,
                    f"{year + 1}-06-01T00:00:00Z",
                    "2026-01-01T00:00:00Z",
                    "",
                    3,
                    "report",
                )


# ---------------------------------------------------------------- asking


def asked(application: Datasette, path: str, times: int) -> dict[str, float]:
    """Fastest and median milliseconds of the server for one address, one warm-up before; {} when it gives up (time limit)."""

    async def ask() -> list[float]:
        spent = []
        for _ in range(times + 1):
            start = time.perf_counter()
            answer = await application.client.get(path)
            spent.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                return []
        return spent[1:]

    spent = asyncio.run(ask())
    return {"fastest": round(min(spent), 1), "median": round(statistics.median(spent), 1)} if spent else {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=200_000)
    parser.add_argument("--characters", type=int, default=1100)
    parser.add_argument("--bare", action="store_true", help="without the rules that hold: to get to millions of rows")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="bench-site-"))
    folder.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = {"reports": options.reports, "characters": options.characters, "bare": options.bare}
    source = Invented(options.reports, options.characters, options.bare)
    if not (folder / "browse.db").exists():
        figures["build"] = build(folder, source)
    figures |= compared(folder, source, options.times)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    print(keep(f"site_{options.reports}", figures))
    if options.folder is None:
        shutil.rmtree(folder)


def build(folder: Path, source: Invented) -> dict[str, float]:
    """Publish; seconds of wall and CPU, megabytes of file and memory."""
    start, cpu = time.perf_counter(), time.process_time()
    write(
        folder / "browse.db", source, words(), progress=lambda n: print(f"\r{n}", end="", flush=True) if not n % 5000 else None
    )
    print()
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "megabytes": round((folder / "browse.db").stat().st_size / 1e6, 1),
        "memory_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def compared(folder: Path, source: Invented, times: int) -> dict[str, Any]:
    """Every page of ours, and what stock Datasette has in its place."""
    some = source.report(2020, source.body(7), random.Random(7)).row
    ours, stock = site.datasette(folder), Datasette([str(folder / "browse.db")])
    pages = {
        "table": ("/browse/reports", "/browse/reports"),
        "table, filtered": ("/browse/reports?province=61&year=2020", "/browse/reports?province=61&year=2020"),
        "search, filtered, newest 20": (
            "/search?q=宝鸡&year=2020&level=county",
            "/browse/reports?agency__contains=宝鸡&year=2020&level=county",
        ),
        "search, name and year": (
            f"/search?q={some['agency']} 2020",
            f"/browse/reports?agency__contains={some['agency']}&year=2020",
        ),
        "search, in every text": ("/search?q=公开", "/browse/reports?title__contains=公开"),
        "search, two words": ("/search?q=宝鸡 诉讼", "/browse/reports?title__contains=宝鸡"),
        "report": (f"/report/{some['report_id']}", f"/browse/reports/{some['report_id'].replace(':', '~3A')}"),
        "agency": (f"/agency/{some['agency_id']}", f"/browse/reports?agency_id={some['agency_id']}"),
        "ledger": ("/coverage", "/browse/coverage"),
        "ledger of a province": ("/coverage?province=61", "/browse/coverage?year=2020"),
        "overview": ("/", "/browse"),
    }
    told = {}
    for name, (our_page, stock_page) in pages.items():
        mine, theirs = asked(ours, our_page, times), asked(stock, stock_page, max(2, times // 3))
        assert mine, our_page
        ratio = round(theirs["fastest"] / mine["fastest"], 2) if theirs else None
        told[name] = {"ours_ms": mine, "stock_ms": theirs or "gave up at its time limit", "times_faster": ratio}
        print(
            f"{name:30} ours {mine['fastest']:8.1f} ms (median {mine['median']:.1f})   stock "
            + (f"{theirs['fastest']:8.1f} ms   stock / ours {ratio}" if theirs else "gave up at its time limit"),
            flush=True,
        )
    return {"pages": told}


if __name__ == "__main__":
    main()
