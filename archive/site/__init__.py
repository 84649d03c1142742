"""The site: Datasette over `browse.db`, with pages of our own for reading and each original one click away.

    datasette(folder) -> Datasette          the application, read-only by construction
    Site(folder)                            the same as ASGI; shows a new publish without being restarted
    serve(folder, host, port)               runs it until interrupted

pages.* say what is shown, templates how, plugins/nianbao.py under which address. Archived bytes come from strangers: they
are served only by `originals`, under a policy that lets them draw themselves and do nothing else. No page asks anything of
another machine. Runs unchanged on Datasette 0.65 and 1.0.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from archive.exceptions import NotPublished
from archive.publish import describe, published

HERE = Path(__file__).parent
_GRACE = 60             # seconds that an old publish stays open for the requests it is answering


def datasette(folder: Path) -> Datasette:
    """The application over `browse.db` in `folder`. Raises `NotPublished` when there is none."""
    path = folder / "browse.db"
    counts = published(path).get("counts")
    if counts is None:
        raise NotPublished(f"nothing is published in {folder}; `nianbao publish` does it")
    with closing(describe.opened(path)) as db:
        described = describe.metadata(db)
    return Datasette(immutables=[str(path)], inspect_data=describe.inspection(path, json.loads(counts)),
                     settings=describe.SETTINGS, plugins_dir=str(HERE / "plugins"), template_dir=str(HERE / "templates"),
                     static_mounts=[("nianbao", str(HERE / "static"))], **_described(described))


def _described(metadata: dict[str, Any]) -> dict[str, Any]:
    """Stored queries belong to the metadata in 0.65, to the configuration in 1.0."""
    if "config" in inspect.signature(Datasette.__init__).parameters:
        return {"metadata": metadata, "config": {"databases": describe.queries()}}
    metadata["databases"][describe.NAME] |= describe.queries()[describe.NAME]
    return {"metadata": metadata}


class Site:
    """An ASGI application that opens `browse.db` anew when another one has taken its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen = self._stamp()
        self._site = datasette(folder)
        self._app = self._site.app()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self._refresh()
        await self._app(scope, receive, send)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self.folder / "browse.db").stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _refresh(self) -> None:
        """What is being answered keeps the old file, which stays readable until it is closed."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return
        old, self._seen = self._site, stamp
        self._site = datasette(self.folder)
        self._app = self._site.app()
        asyncio.get_running_loop().call_later(_GRACE, _close, old)


def _close(site: Datasette) -> None:
    if site.executor is not None:
        site.executor.shutdown(wait=False)


def serve(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    import uvicorn

    uvicorn.run(Site(folder), host=host, port=port, log_level="warning", lifespan="off")
