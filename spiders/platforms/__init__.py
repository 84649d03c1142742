"""The content systems behind portals, one module each, found by file name.

Every module has a docstring that begins with how to recognise the system by eye, and two functions:
`recognise(page) -> float`, the confidence (0–1) that a column page is made by it, and
`walk(page, target) -> Walk`, what follows from one page of a column; `target.state` is its own memory between pages.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk


class Platform(Protocol):
    """What a module of this package offers."""

    __name__: str

    def recognise(self, page: Page) -> float: ...

    def walk(self, page: Page, target: Target) -> Walk: ...


@cache
def names() -> tuple[str, ...]:
    """All platforms, by file name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def named(name: str) -> Platform:
    """The platform of that name; KeyError for a name that is none."""
    if name not in names():
        raise KeyError(name)
    return cast(Platform, importlib.import_module(f"{__name__}.{name}"))


def recognise(page: Page) -> str:
    """The name of the platform that knows this page best; `static` when none does."""
    return max(names(), key=lambda name: (named(name).recognise(page), name == "static"))
