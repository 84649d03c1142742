"""The walk over the sample portals, and what it found in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.store import Archive
from spiders import portals
from spiders.portals import Portal

if TYPE_CHECKING:
    from crawler.crawl import Outcome
    from crawler.demo.hosting import Place

DECLARATIONS = Path(__file__).parent / "portals"
LOOPBACK = "127.0.0.0/8"

_COUNTS = {
    "reports": "select count(*) from reports where year is not null and agency is not null",
    "agencies": "select count(distinct agency_id) from reports",
    "documents": "select count(*) from documents",
    "addresses with the bytes of another": """select coalesce(sum(copies - 1), 0) from (select count(distinct url) as copies
                                               from captures where digest is not null group by digest)""",
    "reports in several documents": """select count(*) from (select report_id from report_version
                                        group by report_id having count(*) > 1)""",
}
_FAILED = """select agency, year, rule, message from checks join reports using (report_id)
              where checks.verdict = 'fail' and checks.severity = 'error'
              order by agency is null, rule, agency, year, locator"""
_MOST_FAILED = 20


def declared(bases: Mapping[str, str]) -> list[Portal]:
    """The declarations of the sample portals for the addresses at which they are served."""
    with TemporaryDirectory() as folder:
        return [_loaded(path, bases, Path(folder)) for path in sorted(DECLARATIONS.glob("*.toml"))]


def _loaded(template: Path, bases: Mapping[str, str], folder: Path) -> Portal:
    path = folder / template.name
    path.write_text(filled(template, bases), "utf-8")
    return portals.load(path)


def filled(template: Path, bases: Mapping[str, str]) -> str:
    """A declaration with the addresses at which the portals are served."""
    text = template.read_text("utf-8")
    for name, base in bases.items():
        text = text.replace(f"{{{name}}}", base)
    return text


def simulated(name: str, place: Place) -> Portal:
    """The declaration of a simulated portal at the addresses at which it is served."""
    made = place.simulation
    seeds = [place.outside(url) for url in made.seeds or made.columns]
    home = f"{urlsplit(seeds[0]).scheme}://{urlsplit(seeds[0]).netloc}/"
    columns = tuple(portals.Column(url) for url in seeds if url != home)
    hosts = tuple(dict.fromkeys(shown.partition(":")[0] for shown in place.netlocs()))
    return Portal(slug=f"simulated-{name}", name=f"模拟门户 {name}", home=home, hosts=hosts, delay=0, columns=columns)


def walk(folder: Path, bases: Mapping[str, str], places: Mapping[str, Place] | None = None, browser: bool = True,
         **settings: Any) -> Outcome:
    """Crawl and read the sample portals, and simulated ones, into the archive in `folder`. Blocks; once per process."""
    from crawler.crawl import Plan, crawl
    from spiders.column import ColumnSpider

    known = declared(bases) + [simulated(name, place) for name, place in (places or {}).items()]
    return crawl(folder, Plan(
        browser=browser, settings=settings,
        seeds=ColumnSpider(portals=known).seeds(), names=[portal.slug for portal in known], command="demo",
        allow_private=[LOOPBACK], delays={urlsplit(portal.home).netloc: portal.delay or 0 for portal in known},
        platforms={portal.slug: portal.platform for portal in known}, spider={"portals": known}))


def summary(folder: Path) -> str:
    """What the archive holds now, and the sums that do not add up, each with its place."""
    return "\n".join(_lines(folder))


def _lines(folder: Path) -> Iterator[str]:
    with Archive(folder, write=False) as archive:
        counts = {name: archive.db.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
        failed = archive.db.execute(_FAILED).fetchall()
    yield ", ".join(f"{count} {name}" for name, count in counts.items())
    if failed:
        yield f"{len(failed)} failed checks:"
    for agency, year, rule, message in failed[:_MOST_FAILED]:
        yield f"  {rule}  {agency} {year}: {message}"
    if len(failed) > _MOST_FAILED:
        yield f"  and {len(failed) - _MOST_FAILED} more; `nianbao check` shows all"
