"""False versions and missed changes, over generated reports in every layout.

    python -m bench.churn [--reports 20]

Each report is churned in every way its format knows (no version may follow), and has one digit of one table changed
(an amendment must follow that names this cell and no other).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archive import versions
from bench import write
from parsers import Hints, parse
from tests.churn import CHURN, another_digit, numbers
from tests.generator import make
from tests.generator.layouts import LAYOUTS, Layout
from tests.sample import Sample


def change(layout: Layout, before: bytes, after: bytes) -> tuple[str, list[tuple[str, str]]]:
    """What the archive calls the step from one file to the other at one address, and the cells it names."""
    with TemporaryDirectory() as folder:
        sample = Sample(Path(folder))
        for day, data in ((1, before), (2, after)):
            digest = sample.see("http://p/file", data, f"2024-02-0{day}T00:00:00", media_type=layout.media_type)
            made = parse(data, Hints(url="http://p/file"))
            sample.read(digest, made.to_json() | {"text": made.text})
        found = sample.db.execute("select report_id, change from versions order by version desc limit 1").fetchone()
        if sample.db.execute("select max(version) from versions").fetchone() == (1,):
            sample.db.close()
            return "unidentified", []                # each file is a report of its own until somebody can name its body
        named = versions.diff(sample.db, *(v["reading_id"] for v in versions.pair(sample.db, found[0], ("1", "2"))))
        sample.db.close()
        return found[1], [((c["before"] or {}).get("raw", ""), (c["after"] or {}).get("raw", "")) for c in named["cells"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=20)
    wanted = parser.parse_args().reports
    counts: Counter[str] = Counter()
    for name, layout in LAYOUTS.items():
        for seed in range(7000, 7000 + wanted):
            truth, random = make(seed, solid=layout.solid), Random(seed)
            data = layout.render(truth)
            for churn in CHURN.get(layout.suffix, {}).values():
                churned = churn(data, random)
                counts["churned"] += churned != data
                if churned != data and (said := change(layout, data, churned)[0]) != "cosmetic":
                    counts["unidentified" if said == "unidentified" else "false_versions"] += 1
            if not numbers(truth):
                continue
            changed, *sides = another_digit(truth, random)
            said, named = change(layout, data, layout.render(changed))
            if said == "unidentified":
                counts["unidentified"] += 1
                continue
            counts["digits_changed"] += 1
            counts["digits_found"] += said == "amended"
            counts["digits_named_exactly"] += named == [tuple(sides)]
        print(name, dict(counts), flush=True)
    print(json.dumps(counts, indent=2))
    print(write("churn", {"false_versions": 0, **counts}))


if __name__ == "__main__":
    main()
