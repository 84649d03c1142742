"""All simulated portals at once: served beside the sample portals, and judged after the crawl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.store import Archive
from crawler.demo import simulated
from crawler.demo.hosting import Place, hosted
from crawler.demo.judged import doors, judge, table

if TYPE_CHECKING:
    from crawler.crawl import Outcome

#: the patience of a crawl that meets hanging and failing hosts on loopback only
HURRIED: dict[str, Any] = {"DOWNLOAD_TIMEOUT": 6, "NIANBAO_RETRY_PAUSE": 0.1, "NIANBAO_BROWSER_PATIENCE": 8.0}


@contextmanager
def served(port: int | None) -> Iterator[dict[str, Place]]:
    """Every simulated portal by name while the context lasts, every host at its own address; none without a port."""
    names = simulated.names() if port is not None else []
    with hosted([simulated.portal(name) for name in names], port or 0) as places:
        yield dict(zip(names, places, strict=True))


def judged(folder: Path, outcome: Outcome, places: Mapping[str, Place], browser: bool) -> tuple[str, bool]:
    """The table of what was found and what every closed door is called, and whether all of it is right."""
    with Archive(folder, write=False) as archive:
        found = judge(places, outcome.columns, archive.db, browser)
    lines = list(table(found))
    for each in found:
        if each.name in simulated.REFUSING:
            lines += [f"doors of {each.name}:", *doors(each)]
    samples = [column for column in outcome.columns if not str(column["portal"]).startswith("simulated-")]
    fine = all(column["outcome"] in ("complete", "empty") for column in samples)
    return "\n".join(lines), outcome.finished and fine and all(each.good for each in found)
