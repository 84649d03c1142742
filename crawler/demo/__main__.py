"""The sample portals on loopback until stopped, and their declarations for commands that are to crawl them.

    python -m crawler.demo /tmp/portals
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from crawler.demo import server, walk


def main(folder: Path) -> None:
    """Write the declarations into `folder` and serve."""
    folder.mkdir(parents=True, exist_ok=True)
    with server.serve() as bases:
        for template in walk.DECLARATIONS.glob("*.toml"):
            (folder / template.name).write_text(walk.filled(template, bases), "utf-8")
        print(f"{', '.join(bases.values())}; declared in {folder}; Ctrl-C ends it", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(Path(sys.argv[1]))
