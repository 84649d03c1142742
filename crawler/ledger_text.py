"""The ledger of a crawl as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawler.crawl import Outcome

COLOURS = {"complete": "green", "empty": "green", "partial": "yellow", "refused": "red", "broken": "red"}
ADVICE = {
    "needs-adapter": "no list of reports was recognised: give the column's own address, or name its platform in a declaration",
    "needs-browser": "the list is drawn by script: crawl without --no-browser, with a browser installed",
    "robots": "robots.txt keeps us out; ask the operator of the site",
    "geo": "refused by place: crawl from a network the site answers to",
    "waf": "refused by a firewall: try later, more slowly",
    "challenge": "a challenge stands before it that did not open by itself",
    "dns": "the host's name leads nowhere: has the portal moved?",
    "gone": "the address is gone: look for the column anew with `nianbao portal new`",
    "soft-404": "the address is gone, though it answers 200 (with a notice, or with the home page)",
    "private": "a private address; --allow-private CIDR would let it be fetched",
    "timeout": "no answer in time; run the command again later",
    "tls": "no secure connection could be made",
    "truncated": "the page stops before its end; run the command again later",
    "too-large": "larger than anything worth having: is this address a page?",
    "error": "an answer without a page in it: nothing, or redirects without end; look at it in a browser",
    "not-asked": "the run ended first; the next one goes on",
    "server-error": "the server failed; run the command again later",
}


def ledger_text(outcome: Outcome) -> str:
    """One line per column, reasons below it, counts at the end."""
    lines = [line for column in outcome.columns for line in _column(column)]
    counts = (f"{outcome.captures} captures, {outcome.new_documents} new documents, {outcome.read} read"
              + (f", {outcome.unreadable} unreadable" if outcome.unreadable else ""))
    return "\n".join([*lines, ("resumed: " if outcome.resumed else "") + counts])


def _column(column: Mapping[str, Any]) -> Iterator[str]:
    declared = f" of {column['declared']} declared" if column["declared"] is not None else ""
    proof = f"end: {column['end_proof']}" if column["end_proof"] else "end not proved"
    name = click.style(f"{column['outcome']:8}", fg=COLOURS[column["outcome"]])
    yield (f"{name} {column['accepted']:4} reports, {column['rows']} rows{declared}, {column['walked']} pages, {proof}"
           f"  [{column['platform'] or '?'}] {column['portal']} {column['url']}")
    for reason, count in sorted(column["rejected"].items()):
        yield f"           {count:4} left out: {reason}"
    for reason, count in sorted(column["missed"].items()):
        yield f"           {count:4} not had: {reason}"
    if column["outcome"] == "partial" and not column["refusal"]:
        yield f"           {_short(column)}"
    if column["refusal"] and column["outcome"] not in ("complete", "empty"):
        yield f"           {column['refusal']}: {ADVICE.get(column['refusal'], 'see docs/LOGS.md')}"


def _short(column: Mapping[str, Any]) -> str:
    """Why a column is partial of which nothing was refused."""
    if column["declared"] is not None and column["rows"] < column["declared"]:
        return f"fewer rows than the portal declares: {column['rows']} of {column['declared']}; look whether its count is right"
    return "nothing proves that the list ends here: look at its last page in a browser"
