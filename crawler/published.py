"""Publishing and serving with the words that only the parsers know."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from archive.exceptions import ArchiveLocked, Held
from archive.publish import Published, Words, publish, published
from archive.store import Archive
from crawler import bodies
from crawler.alarms import read_worse
from parsers import gazetteer
from parsers.schema import load


def words() -> Words:
    """Names of functions, rules and divisions for the site."""
    rules = [(*(rule[part] for part in ("id", "title", "title_en", "expr")), rule.get("over", ""),
              json.dumps(rule.get("holds", []))) for rule in load("rules")["rules"]]
    functions = {each["id"]: each["zh"] for each in load("functions")["functions"]}
    return Words(functions, load("rules")["names"], rules, gazetteer.path)


def refresh(folder: Path, *, force: bool = False, anyway: bool = False,
            progress: Callable[[int], None] = lambda count: None) -> Published:
    """Publish the archive in `folder` unless what is published is current.

    Raises `Held` while documents read worse than before and something is published already, unless `anyway`.
    """
    _explain_dates(folder)
    if not anyway and published(folder / "browse.db"):
        _hold(folder)
    return publish(folder, words(), force=force, progress=progress)


def _hold(folder: Path) -> None:
    with Archive(folder, write=False) as archive:
        worse = read_worse(archive.db)
    if worse:
        count = f"{len(worse)} column{'s' if len(worse) > 1 else ''}"
        raise Held(f"what is published stays: the documents of {count} read worse than before, such as {worse[0].url}, where "
                   f"{worse[0].said}; `nianbao alarms` tells of each and takes your word with --accept, "
                   "`nianbao publish --anyway` publishes all the same")


def _explain_dates(folder: Path) -> None:
    """An archive of an older version learns when reports are due; one that is being written knows already."""
    Archive(folder, write=False).close()             # never makes an archive where there is none
    with suppress(ArchiveLocked), Archive(folder) as archive:
        if not archive.db.execute("select 1 from deadline limit 1").fetchone():
            with archive.db:
                bodies.describe(archive.db)
