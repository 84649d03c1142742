"""Agency, level and year over hand-labelled openings of real reports: right, wrong, abstained, calibrated.

    python -m bench.tags [--labels FILE.tsv] [--openings FILE.jsonl] [--verbose]
    python -m bench.tags --written tests/golden/openings.txt

Openings are `{"id", "url", "opening"}`; labels are tab-separated with id, agency, level, year and flags, where the flag
`unresolvable` or a `?` means that abstaining is right. A written file holds both: a line `### id | address | agency |
level | year | flags` before each opening. Prints a table and one JSON line with the same figures.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers import outline
from parsers.identify import Identity, identify
from parsers.models import Document, Hints, Paragraph, Tables, Tag

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
FIELDS = ("agency", "level", "year")
BARS = {"agency": 0.95, "level": 0.97, "year": 0.98}


def read_opening(row: dict[str, str]) -> Identity:
    """Identify one opening: every line a paragraph, the address as the only hint."""
    blocks = tuple(Paragraph(line, f"line {n}") for n, line in enumerate(row["opening"].splitlines(), 1))
    document = Document("text/plain", "text", blocks)
    url = row["url"] if "://" in row["url"] else ""
    return identify(document, outline.find(document), Tables(), Hints(url=url))


def plain(value: str | int | None) -> str:
    """Names compare without what stands in brackets, and 某区人民政府某街道办事处 is 某区某街道办事处."""
    return re.sub(r"[(（].*?[)）]|人民政府(?=.+街道办事处)", "", str(value or ""))


def outcome(tag: Tag, label: str) -> str:
    """right, wrong or abstained; for an unresolvable label abstaining is right."""
    if "?" in label:
        return "right" if tag.value is None else "wrong"
    if tag.value is None:
        return "abstained"
    return "right" if plain(tag.value) in (plain(either) for either in label.split(",")) else "wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """One opening and its labels by field."""

    opening: dict[str, str]
    label: dict[str, str]
    unresolvable: bool


def labelled(labels: Path, openings: Path) -> Iterator[Case]:
    """The cases of a table of labels and a file of openings."""
    rows = {row["id"]: row for row in map(json.loads, openings.read_text(encoding="utf-8").splitlines())}
    with labels.open(encoding="utf-8") as file:
        for label in csv.DictReader(file, delimiter="\t"):
            either = re.search(r"accept \{([\d, ]+)\}", label["note"])
            yield Case(rows[label["id"]], label | {"year": either[1] if either else label["year"]},
                       "unresolvable" in label["flags"])


def written(path: Path) -> Iterator[Case]:
    """The cases of a file that holds openings and labels together."""
    for part in path.read_text(encoding="utf-8").split("### ")[1:]:
        head, opening = part.split("\n", 1)
        number, url, agency, level, year, flags = (*map(str.strip, head.split("|")), "")[:6]
        label = {"agency": agency, "level": level, "year": year}
        yield Case({"id": number, "url": url, "opening": opening}, label, "unresolvable" in flags)


def measure(cases: Iterable[Case], verbose: bool = False) -> dict[str, Any]:
    """All figures as one object."""
    counts = {field: {"right": 0, "wrong": 0, "abstained": 0} for field in FIELDS}
    open_ended, sure = Counter[bool](), Counter[bool]()
    for case in cases:
        tags = read_opening(case.opening).tags
        if case.unresolvable:
            open_ended[tags["agency"].value is None] += 1
        for field in ("year",) if case.unresolvable else FIELDS:
            tag, label = tags[field], case.label[field]
            result = outcome(tag, label)
            counts[field][result] += 1
            if tag.value is not None and tag.confidence >= 0.95:
                sure[result == "right"] += 1
            if verbose and result != "right":
                print(f"{case.opening['id']} {field} {result}: {label} | {tag.value} {tag.confidence:.2f}", file=sys.stderr)
    return {"fields": counts, "unresolvable": {"total": open_ended.total(), "abstained": open_ended[True]},
            "calibration": {"at_least_95": sure.total(), "right": sure[True]}}


def main() -> int:
    """Print the table; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, default=CORPUS / "tags_labels.tsv")
    parser.add_argument("--openings", type=Path, default=CORPUS / "tags_openings.jsonl")
    parser.add_argument("--written", type=Path, help="a file of openings with their labels, instead of the two others")
    parser.add_argument("--verbose", action="store_true", help="print every miss to stderr")
    options = parser.parse_args()
    cases = written(options.written) if options.written else labelled(options.labels, options.openings)
    figures = measure(cases, options.verbose)
    met = True
    for field, counts in figures["fields"].items():
        total = sum(counts.values())
        share = counts["right"] / total
        met &= share >= BARS[field]
        print(f"{field:8} {counts['right']:4} right {counts['wrong']:3} wrong {counts['abstained']:3} abstained  {share:.1%}")
    print(f"abstained on {figures['unresolvable']['abstained']} of {figures['unresolvable']['total']} unresolvable")
    print(f"confidence ≥ .95: {figures['calibration']['right']} of {figures['calibration']['at_least_95']} right")
    print(json.dumps(figures))
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
