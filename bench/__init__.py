"""Benchmarks: each module measures ours beside a peer in one run, prints ratios and writes JSON to bench/out/.

    python -m bench [NAME…]      all of them, or those named
    python -m bench.crawl       one
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).parent / "out"


def write(name: str, figures: dict[str, Any]) -> Path:
    """Keep the figures as bench/out/<name>.json."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
