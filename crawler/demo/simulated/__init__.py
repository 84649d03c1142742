"""Simulated portals, one module each: small servers that behave like a family of content systems, each with what a walk must
find. A module has `portal() -> Simulation`; its docstring says what it is and which traps it holds.
"""

from __future__ import annotations

import importlib
import pkgutil

from crawler.demo.simulation import Simulation

REFUSING = ("waf",)            # portals that are no list to walk but a collection of closed doors


def names() -> list[str]:
    """Every simulated portal, by its module."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def walkable() -> list[str]:
    """Those whose every report can be had."""
    return [name for name in names() if name not in REFUSING]


def portal(name: str) -> Simulation:
    """A fresh simulation of that name."""
    made: Simulation = importlib.import_module(f"{__name__}.{name}").portal()
    return made
