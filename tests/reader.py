"""A reader: the site on loopback, a real browser before it, and a record of everything a page asks for or complains about."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from archive import site

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Watched:
    """One page under observation. `asked` are its requests; those that would leave the machine are stopped and in `outside`."""

    page: Page
    asked: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)         # dialogs, other windows, downloads

    @property
    def calm(self) -> bool:
        """Nothing went wrong and nothing was asked of anybody else."""
        return not (self.outside or self.errors or self.opened)


@dataclass
class Reader:
    """A browser before the site at `address`."""

    address: str
    browser: Browser

    @contextmanager
    def sits(self, **options: Any) -> Iterator[Watched]:
        """A fresh page; `options` are those of a Playwright context."""
        context = self.browser.new_context(base_url=self.address, **{"viewport": DESK} | options)
        watched = Watched(context.new_page())

        def asked(route: Route) -> None:
            watched.asked.append(route.request.url)
            if route.request.url.startswith((self.address, "data:", "chrome")):             # chrome: its own PDF viewer
                route.continue_()
            else:
                watched.outside.append(route.request.url)
                route.abort()

        context.route("**/*", asked)
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        watched.page.on("console", lambda said: watched.errors.append(said.text) if _ours(said) else None)
        watched.page.on("dialog", lambda dialog: (watched.opened.append(dialog.message), dialog.dismiss()))
        context.on("page", lambda page: watched.opened.append(page.url))
        try:
            yield watched
        finally:
            context.close()


def _ours(said: ConsoleMessage) -> bool:
    """An error of our own page; that a browser keeps an archived file from something is no error."""
    return said.type == "error" and not any(where in f"{said.text} {said.location['url']}" for where in ("/-/file/", "/at/"))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The site over `folder` on a free port; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(site.Site(folder), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    """Chromium of the machine, else Playwright's own."""
    chromium = Path("/usr/bin/chromium")
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium if chromium.exists() else None,
                                             args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield Reader(address, browser)
        browser.close()
