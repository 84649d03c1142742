"""A name service that fails the first look-ups of one name: `NIANBAO_TEST_FLAPS` of them."""

from __future__ import annotations

import os
from typing import Any

from crawler.downloader.private import GuardedResolver

NAME = "portal.test"


class Resolver(GuardedResolver):
    """Scrapy's guarded resolver, with one more name, which leads to this machine when it leads anywhere."""

    flaps = int(os.environ.get("NIANBAO_TEST_FLAPS", "0"))

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **more: Any) -> Any:
        if hostName != NAME:
            return super().resolveHostName(resolutionReceiver, hostName, *args, **more)
        if self.flaps > 0:
            self.flaps -= 1
            return super().resolveHostName(resolutionReceiver, "no-such-host.invalid", *args, **more)
        return super().resolveHostName(resolutionReceiver, "127.0.0.1", *args, **more)


class Rebinding(GuardedResolver):
    """The same, with a name that leads where it may once, and from the second look-up on where it may not."""

    looked = 0

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **more: Any) -> Any:
        if hostName == NAME:
            self.looked += 1
            hostName = "127.0.0.1" if self.looked == 1 else "127.0.0.2"
        return super().resolveHostName(resolutionReceiver, hostName, *args, **more)
