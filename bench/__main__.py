"""Run every benchmark, or those named, one process each so that none warms another up: `python -m bench portals`."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import bench

failed = []
for module in pkgutil.iter_modules(bench.__path__):
    if module.name != "__main__" and module.name in (sys.argv[1:] or [module.name]):
        print(f"== {module.name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{module.name}"], cwd=Path(__file__).parents[1]).returncode:
            failed.append(module.name)
raise SystemExit(f"failed: {', '.join(failed)}" if failed else 0)
