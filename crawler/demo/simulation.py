"""What a simulated portal is: routes by address, what a walk must find there, and how its servers misbehave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs

REDIRECTS = (301, 302, 303, 307, 308)

#: what a server may do in place of a whole answer: close the connection hard, say nothing, stop midway
Fault = Literal["", "reset", "hang", "cut"]
#: how a host speaks TLS: with papers that nobody vouches for, breaking off the handshake, or not at all behind https
Tls = Literal["stranger", "breaks-off", "none"]


@dataclass(frozen=True)
class Asked:
    """A request as a simulated portal sees it."""

    host: str
    path: str
    query: str
    method: str
    body: bytes
    headers: Mapping[str, str]

    def parameters(self) -> dict[str, str]:
        """Query and form parameters, the last of a name."""
        given = parse_qs(self.query + "&" + self.body.decode("latin-1"), keep_blank_values=True)
        return {name: values[-1] for name, values in given.items()}


@dataclass(frozen=True)
class Reply:
    """What a simulated portal answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "text/html; charset=utf-8"
    fault: Fault = ""

    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Hit:
    """One request as it was answered by the server at an address; times in seconds of one steady clock."""

    method: str
    url: str
    status: int
    data: bytes
    began: float = 0.0
    ended: float = 0.0
    server: str = ""


Route = Reply | Callable[[Asked], Reply]


def answered(route: Route, asked: Asked) -> Reply:
    """What a route answers to one request."""
    return route(asked) if callable(route) else route


MISSING = Reply("<html><head><title>404</title></head><body>404</body></html>", 404)


@dataclass
class Expected:
    """What the walk of one column must find: report addresses, refused titles, and how its end is proved."""

    reports: set[str]
    rejected: dict[str, str] = field(default_factory=dict)        # address → beginning of the reason
    end_proof: str = ""
    rows: int | None = None
    declared: int | None = None
    refusal: str = ""
    outcome: str = "complete"                                     # of the column in the ledger of a run
    unseen: str = ""                                              # the refusal where no browser is at hand

    def without_browser(self) -> Expected:
        """The same where there is no browser."""
        return Expected(set(), refusal=self.unseen, outcome="refused") if self.unseen else self


@dataclass
class Simulation:
    """Routes by address without scheme, columns to walk by address, and the files that must be fetched."""

    routes: dict[str, Route]
    columns: dict[str, Expected]
    files: dict[str, bytes] = field(default_factory=dict)         # address → bytes that a fetch must bring
    names: dict[str, str] = field(default_factory=dict)           # address → name of the file
    wasted: int = 0                                               # requests for pages of lists that may bring nothing
    seeds: tuple[str, ...] = ()                                   # where the walk begins, if not at every column
    tls: dict[str, Tls] = field(default_factory=dict)             # hosts that are asked by https

    def hosts(self) -> list[str]:
        """Every host it serves."""
        return sorted({host for key in self.routes if (host := key.partition("/")[0]).endswith(".sim")})

    def answer(self, asked: Asked) -> Reply:
        """The reply to one request: the route with its query, else of its path, else of its whole host (`host/*`).

        By bare address the first host answers.
        """
        host = next(iter(self.routes)).partition("/")[0] if asked.host == "127.0.0.1" else asked.host
        for key in (f"{host}{asked.path}?{asked.query}", f"{host}{asked.path}", f"{host}/*"):
            if (route := self.routes.get(key)) is not None:
                return answered(route, asked)
        return MISSING
