"""A Dask cluster of two workers beside one machine: the crawl and the reading of one town, and whether the results are equal.

    python -m bench.cluster [--hosts 12] [--reports 30] [--pause 0.1] [--workers 2]

Everything runs on this machine, so the workers share its cores: ratios show what the cluster costs; what it gains shows only
where workers have cores of their own. Ratios above 1 mean that the cluster is faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import write
from tests.canonical import differences, dump
from tests.dask import cluster
from tests.hosts import town

LOCAL = ("--allow-private", "127.0.0.0/8", "--no-browser")


def timed(*words: str) -> float:
    """Seconds of one `nianbao` command."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", "from crawler.cli import cli; cli()", *words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--hosts", type=int, default=12)
    parser.add_argument("--reports", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    figures: dict[str, float | int] = {"workers": options.workers}
    with (town(hosts=options.hosts, reports=options.reports, pause=options.pause) as made, cluster(options.workers) as dask,
          tempfile.TemporaryDirectory() as folder):
        one, both = str(Path(folder) / "one"), str(Path(folder) / "both")
        figures["one_crawl_seconds"] = timed("crawl", *made.urls(), *LOCAL, "--archive", one)
        figures["cluster_crawl_seconds"] = timed("cluster", "crawl", *made.urls(), *LOCAL, "--scheduler", dask.address,
                                                 "--archive", both)
        different = differences(dump(Path(one)), dump(Path(both)))
        figures["one_parse_seconds"] = timed("parse", "--all", "--archive", one)
        figures["cluster_parse_seconds"] = timed("cluster", "parse", "--all", "--scheduler", dask.address, "--archive", both)
        held = dump(Path(both))
        different += differences(dump(Path(one)), held)
        figures |= {"captures": len(held["capture"]), "documents": len(held["document"]), "different_rows": len(different),
                    "most_open_connections_to_a_host": max(site.most_open for site in made.sites)}
    for what in ("crawl", "parse"):
        figures[f"{what}_ratio"] = round(figures[f"one_{what}_seconds"] / figures[f"cluster_{what}_seconds"], 2)
    print(json.dumps(figures, indent=2))
    print(write("cluster", figures))
    if different:
        raise SystemExit("\n".join(different[:9]))


if __name__ == "__main__":
    main()
