"""Alarms carried to where people look: an Atom feed, and a webhook that hears of each once."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from xml.etree import ElementTree

from archive.exceptions import ArchiveError
from archive.store import Archive
from crawler.alarms import Alarm, alarms

log = logging.getLogger(__name__)

ATOM = "http://www.w3.org/2005/Atom"
PATIENCE = 20           # seconds a webhook may take


class NotDelivered(ArchiveError):
    """A webhook did not take the alarms; they stay new."""


def after_round(folder: Path, atom: Path | None, webhook: str | None) -> None:
    """What a scheduled round ends with: every open alarm in the log, the feed and the webhook. Never ends the schedule."""
    try:
        with Archive(folder, write=False) as archive:
            found = alarms(archive.db)
        log.info("%s alarms are open", len(found))
        for alarm in found:
            log.warning("alarm: %s %s %s: %s, since %s. %s", alarm.kind, alarm.portal, alarm.url, alarm.said, alarm.since[:10],
                        alarm.action)
        if atom:
            write_atom(atom, found)
        if webhook:
            with Archive(folder) as archive:
                post(archive.db, webhook, found)
    except (ArchiveError, OSError) as error:
        log.warning("the alarms could not be told: %s", error)


def write_atom(path: Path, alarms: Iterable[Alarm]) -> None:
    """Write the open alarms as an Atom feed (RFC 4287), whole or not at all."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    found = list(alarms)
    _add(feed, "id", "urn:nianbao:alarms")
    _add(feed, "title", "nianbao: alarms")
    _add(feed, "updated", max((_moment(alarm.since) for alarm in found), default="2008-05-01T00:00:00Z"))
    _add(_add(feed, "author", ""), "name", "nianbao")
    for alarm in found:
        entry = _add(feed, "entry", "")
        _add(entry, "id", f"urn:nianbao:alarm:{alarm.fingerprint}")
        _add(entry, "title", f"{alarm.kind}: {alarm.portal} {alarm.url}".strip())
        _add(entry, "updated", _moment(alarm.since))
        _add(entry, "link", "").set("href", alarm.url)
        _add(entry, "summary", f"{alarm.said}. {alarm.action}")
    partial = path.with_name(path.name + ".partial")
    ElementTree.ElementTree(feed).write(partial, encoding="utf-8", xml_declaration=True)
    partial.replace(path)


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text or None
    return child


def _moment(text: str) -> str:
    """An RFC 3339 moment in UTC."""
    then = datetime.fromisoformat(text)
    return (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def post(db: sqlite3.Connection, url: str, alarms: Sequence[Alarm]) -> int:
    """Post the alarms that this webhook has not heard of, as one JSON object; returns how many.

    An alarm that closed is forgotten, so that it is told again when it comes back. Raises `NotDelivered`.
    """
    told = {row[0] for row in db.execute("select fingerprint from delivered where webhook = ?", (url,))}
    new = [alarm for alarm in alarms if alarm.fingerprint not in told]
    if new:
        _send(url, {"alarms": [alarm.shown() for alarm in new]})
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with db:
        closed = told - {alarm.fingerprint for alarm in alarms}
        db.executemany("delete from delivered where webhook = ? and fingerprint = ?", ((url, each) for each in closed))
        db.executemany("insert into delivered values (?,?,?,null)", ((url, alarm.fingerprint, now) for alarm in new))
    return len(new)


def _send(url: str, message: object) -> None:
    data = json.dumps(message, ensure_ascii=False).encode()
    try:
        with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=PATIENCE):
            pass
    except HTTPError as error:
        error.close()
        raise NotDelivered(f"{url} answers {error.code} to the alarms; they are told with the next call") from error
    except OSError as error:
        raise NotDelivered(f"{url} did not take the alarms ({error}); they are told with the next call") from error
