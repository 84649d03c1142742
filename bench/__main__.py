"""Run the ratios against peers, or the benchmarks named, one process each so that none warms another up.

    python -m bench               the ratios, in under 20 minutes on an idle machine, and their table in bench/out/RATIOS.md
    python -m bench portals kill  those named; `python -m bench --help` lists all

What each took is printed; speeds and ratios of speeds mean something only where nothing else runs.
"""

from __future__ import annotations

import argparse
import pkgutil
import resource
import subprocess
import sys
import time

import bench
from bench.table import table

RATIOS = ("crawl", "readers", "stages", "store", "growth", "merge", "site")
NO_BENCHMARKS = ("__main__", "peers", "server", "table")


def main() -> int:
    """Run, print the table, keep it; 1 when a benchmark failed."""
    known = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in NO_BENCHMARKS]
    ask = argparse.ArgumentParser("python -m bench", description="Run benchmarks, each in a process of its own; print ratios.")
    ask.add_argument("names", nargs="*", default=list(RATIOS), metavar="NAME", help=", ".join(known))
    names = ask.parse_args().names
    if unknown := sorted(set(names) - set(known)):
        ask.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    failed = [name for name in names if not _ran(name)]
    shown = table(names)
    print(shown)
    (bench.OUT / "RATIOS.md").write_text(shown, "utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _ran(name: str) -> bool:
    print(f"== {name}", flush=True)
    began, spent = time.perf_counter(), _cpu()
    done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=bench.ROOT)
    print(f"   {name} took {time.perf_counter() - began:.0f} s, {_cpu() - spent:.0f} s of CPU", flush=True)
    return done.returncode == 0


def _cpu() -> float:
    """Seconds that all benchmarks so far have used, with all their processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
