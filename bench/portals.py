"""Every simulated portal crawled twice through the engine, and what came of it beside what is there.

    python -m bench.portals [NAME…]

For each: reports found of those there, reports with a wrong year, look-alikes fetched, columns whose outcome and refusal
are not exactly the expected ones, columns called empty that are not, pages a browser fetched, requests for pages of lists
that brought nothing per page that did, and what a second run downloads that had not changed.
Exit 1 when a portal misses its mark.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import write
from tests.crawling import crawl
from tests.portals import Hit, Reply, Simulation, names, served

_YEAR = re.compile(r"(\d{4})年认真贯彻")       # as the simulated reports say of themselves
SETTINGS = {"TWISTED_DNS_RESOLVER": "tests.portals.Resolver"}


@dataclass
class Result:
    """One portal's figures."""

    portal: str
    reports: int = 0
    found: int = 0
    wrong_years: int = 0
    look_alikes: int = 0
    columns: int = 0
    misjudged: int = 0
    false_empty: int = 0
    browser: int = 0
    wasted: float = 0.0
    again: int = 0

    @property
    def good(self) -> bool:
        """Whether the marks of the project are met."""
        return (self.found == self.reports and self.wasted <= 1
                and not any((self.wrong_years, self.look_alikes, self.misjudged, self.false_empty)))


def measure(name: str) -> Result:
    """Crawl one simulated portal twice and compare."""
    made: Simulation = importlib.import_module(f"tests.portals.{name}").portal()
    first: list[Hit] = []
    hits: list[Hit] = []
    with tempfile.TemporaryDirectory() as folder, served(made, ported=True, hits=hits) as port:
        seeds = [url.replace(".sim/", f".sim:{port}/") for url in made.seeds or made.columns]
        outcome = crawl(Path(folder), seeds, **SETTINGS)
        first, hits[:] = list(hits), []
        crawl(Path(folder), seeds, **SETTINGS)
        with closing(sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True)) as db:
            result = _compared(name, made, outcome["columns"], db, port)
    known = {(hit.method, hit.url): hit.data for hit in first}
    asked = [hit for hit in hits if hit.method == "GET" and hit.status == 200 and not hit.url.endswith("/robots.txt")]
    result.again = sum(known.get((hit.method, hit.url)) == hit.data for hit in asked)
    return result


def _compared(name: str, made: Simulation, columns: Iterable[dict[str, object]], db: sqlite3.Connection, port: int) -> Result:
    fetched = {url.replace(f":{port}", "") for (url,) in db.execute("select distinct url from capture where outcome = 'ok'")}
    reports = set().union(*(expected.reports for expected in made.columns.values()))
    rejected = set().union(*(expected.rejected for expected in made.columns.values())) - reports
    walked = {str(column["url"]).replace(f":{port}", ""): column for column in columns}
    judged = [(expected, walked.get(url, {})) for url, expected in made.columns.items()]
    return Result(
        name, len(reports), len(reports & fetched), _wrong_years(made, db, port), len(rejected & fetched), len(judged),
        sum((said.get("outcome"), said.get("refusal") or "") != (expected.outcome, expected.refusal)
            for expected, said in judged if expected.outcome != "complete" or said.get("outcome") != "complete"
            if not (expected.outcome == "empty" and said.get("outcome") == "empty")),
        sum(said.get("outcome") == "empty" and expected.outcome != "empty" for expected, said in judged),
        db.execute("select count(*) from capture where headers like '%x-nianbao-browser%'").fetchone()[0], _wasted(db))


def _wrong_years(made: Simulation, db: sqlite3.Connection, port: int) -> int:
    """Reports whose tagged year is not the one they speak of; a report without a year is not wrong."""
    tagged = db.execute("""select distinct c.url, t.value from capture c join reading r using (digest)
                             join tag t on t.reading_id = r.reading_id and t.name = 'year' where c.run_id =
                             (select run_id from run order by started_at limit 1)""").fetchall()
    return sum(year is not None and (truth := _truth(made, url.replace(f":{port}", ""))) is not None and truth != year
               for url, year in tagged)


def _truth(made: Simulation, url: str) -> int | None:
    route = made.routes.get(url.removeprefix("http://"))
    said = _YEAR.search(route.data().decode("utf-8", "replace")) if isinstance(route, Reply) else None
    return int(said[1]) if said else None


def _wasted(db: sqlite3.Connection) -> float:
    """Requests for pages of lists that brought no row and no link, per page that did; the first run only."""
    told = [json.loads(progress) for (progress,) in db.execute(
        "select progress from capture where progress <> '' and role in ('column', 'list', 'home') and run_id ="
        " (select run_id from run order by started_at limit 1)")]
    wasted = sum(bool(page.get("probe") or not (page.get("rows") or page.get("accepted") or page.get("end_proof")))
                 for page in told)
    return round(wasted / max(1, len(told) - wasted), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", default=names())
    results = [measure(name) for name in parser.parse_args().names]
    head = ("portal", "recall", "wrong years", "look-alikes", "judged", "false empty", "browser", "wasted/page", "again")
    print("{:<9}{:>10}{:>13}{:>13}{:>9}{:>13}{:>9}{:>13}{:>7}".format(*head))
    for each in results:
        print(f"{each.portal:<9}{each.found:>5}/{each.reports:<4}{each.wrong_years:>13}{each.look_alikes:>13}"
              f"{each.columns - each.misjudged:>6}/{each.columns:<3}{each.false_empty:>12}{each.browser:>9}{each.wasted:>13}"
              f"{each.again:>7}{'' if each.good else '  <- misses its mark'}")
    print(write("portals", {each.portal: asdict(each) for each in results}))
    raise SystemExit(0 if all(each.good for each in results) else 1)


if __name__ == "__main__":
    main()
