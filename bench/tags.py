"""Agency, level and year over hand-labelled openings of real reports: right, wrong, abstained, calibrated.

    python -m bench.tags [--labels FILE.tsv] [--openings FILE.jsonl] [--verbose]

Openings are `{"id", "url", "opening"}`; labels are tab-separated with id, agency, level, year and flags, where the flag
`unresolvable` or a `?` means that abstaining is right. Prints a table and one JSON line with the same figures.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
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
    return "right" if plain(tag.value) == plain(label) else "wrong"


def measure(labels: Path, openings: Path, verbose: bool = False) -> dict[str, Any]:
    """All figures as one object."""
    rows = {row["id"]: row for row in map(json.loads, openings.read_text(encoding="utf-8").splitlines())}
    counts = {field: {"right": 0, "wrong": 0, "abstained": 0} for field in FIELDS}
    sure, sure_right, open_total, open_right = 0, 0, 0, 0
    with labels.open(encoding="utf-8") as file:
        for label in csv.DictReader(file, delimiter="\t"):
            tags = read_opening(rows[label["id"]]).tags
            unresolvable = "unresolvable" in label["flags"]
            if unresolvable:
                open_total += 1
                open_right += tags["agency"].value is None
            for field in FIELDS:
                if unresolvable and field != "year":
                    continue
                either = re.search(r"accept \{([\d, ]+)\}", label["note"]) if field == "year" else None
                result = outcome(tags[field], label[field])
                if either and str(tags[field].value) in re.findall(r"\d+", either[1]):
                    result = "right"
                counts[field][result] += 1
                if tags[field].value is not None and tags[field].confidence >= 0.95:
                    sure += 1
                    sure_right += result == "right"
                if verbose and result != "right":
                    found = f"{tags[field].value} {tags[field].confidence:.2f}"
                    print(f"{label['id']} {field} {result}: {label[field]} | {found}", file=sys.stderr)
    return {"fields": counts, "unresolvable": {"total": open_total, "abstained": open_right},
            "calibration": {"at_least_95": sure, "right": sure_right}}


def main() -> int:
    """Print the table; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, default=CORPUS / "tags_labels.tsv")
    parser.add_argument("--openings", type=Path, default=CORPUS / "tags_openings.jsonl")
    parser.add_argument("--verbose", action="store_true", help="print every miss to stderr")
    options = parser.parse_args()
    figures = measure(options.labels, options.openings, options.verbose)
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
