"""Targets as JSON: how the frontier and the stored links keep them."""

from __future__ import annotations

import base64
import json
from dataclasses import fields
from urllib.parse import urlsplit

from archive.store import Link
from spiders.models import Target

_DEFAULTS = {f.name: f.default for f in fields(Target)}


def to_json(target: Target) -> str:
    """Only what differs from the defaults, keys sorted: equal targets give equal text."""
    shown = {name: getattr(target, name) for name in _DEFAULTS}
    shown |= {"body": base64.b64encode(target.body).decode(), "headers": dict(target.headers), "state": dict(target.state)}
    return json.dumps({name: value for name, value in shown.items() if value and value != _DEFAULTS[name]},
                      ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Target:
    """The target behind `to_json`."""
    shown = json.loads(text)
    if "body" in shown:
        shown["body"] = base64.b64decode(shown["body"])
    return Target(**shown)


def host(url: str) -> str:
    """What politeness counts by: host name and port."""
    return urlsplit(url).netloc.lower()


def to_link(target: Target, due: bool = True) -> Link:
    """The target as the archive stores it."""
    return Link(target.uid, host(target.url), to_json(target), due)
