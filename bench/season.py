"""A simulated year for many bodies: how soon each report is first seen, and what it costs their servers.

    python -m bench.season [--bodies 1000]
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench import write
from crawler.seasons import CHINA
from tests.year import YEAR, invent, live, rude


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--bodies", type=int, default=1000)
    random = Random(2026)
    year = invent(parser.parse_args().bodies, random)
    begin = datetime(YEAR, 12, 1, tzinfo=CHINA)
    with TemporaryDirectory() as folder:
        live(Path(folder), year, random, begin, begin + timedelta(days=365))
    hours = sorted(delay / timedelta(hours=1) for delay in year.delays())
    later = sorted((body.seen_at - body.published_at) / timedelta(days=1) for body in year.bodies if body.seen_at)
    a_day = Counter((name, begin.date()) for name, begin, *_ in year.looks)
    figures = {
        "bodies": len(year.bodies), "portals": len(year.portals), "looks": len(year.looks), "never_seen": len(year.unseen),
        "published_in_daily_windows": len(hours), "seen_within_36_hours": sum(h <= 36 for h in hours),
        "hours_to_first_sight": {"median": round(statistics.median(hours), 1), "longest": round(hours[-1], 1)},
        "days_to_first_sight_of_all": {"median": round(statistics.median(later), 1), "longest": round(later[-1], 1)},
        "most_looks_at_a_portal_in_a_day": max(a_day.values()), "most_requests_in_a_look": max(look[3] for look in year.looks),
        "rude": list(rude(year))}
    print(json.dumps(figures, indent=2))
    print(write("season", figures))


if __name__ == "__main__":
    main()
