"""TLS in steps: as usual, then with one curve, then plain where nothing listens; never unverified."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.crawling import captures, crawl
from tests.loopback import Site, portal
from tests.tls import P256, Papers, TlsFront, papers


def secured(folder: Path, monkeypatch: pytest.MonkeyPatch, host: str = "127.0.0.1", **more: Any) -> Papers:
    found = papers(folder, host, **more)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.authority))
    return found


def outcome(folder: Path, front: TlsFront, host: str = "127.0.0.1") -> tuple[str, str]:
    (line,) = crawl(folder, [f"https://{host}:{front.port}/nb/"])["columns"]
    return line["outcome"], line["refusal"]


def test_a_good_server_is_met_as_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = secured(tmp_path, monkeypatch)
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port)) as front:
        assert outcome(tmp_path / "a", front) == ("complete", "")
        assert all(len(offer) > 1 for offer in front.offers)


def test_a_server_that_breaks_off_is_offered_one_curve_and_then_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = secured(tmp_path, monkeypatch)
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port), only_p256=True) as front:
        assert outcome(tmp_path / "a", front) == ("complete", "")
        assert [P256] in front.offers
        assert sum(len(offer) > 1 for offer in front.offers) == 1


@pytest.mark.parametrize("narrow", [False, True])
def test_a_certificate_of_somebody_else_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, narrow: bool) -> None:
    held = secured(tmp_path, monkeypatch, trusted_for="127.0.0.99")
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port), only_p256=narrow) as front:
        assert outcome(tmp_path / "a", front) == ("refused", "tls")
        assert not site.paths()


def test_an_authority_nobody_knows_is_a_refusal(tmp_path: Path) -> None:
    held = papers(tmp_path, "127.0.0.1")
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port)) as front:
        assert outcome(tmp_path / "a", front) == ("refused", "tls")
        assert not site.paths()


@pytest.mark.parametrize("declared", [True, False])
def test_a_server_with_short_keys_is_met_only_where_the_declaration_says_that_it_is_old(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: bool) -> None:
    held = secured(tmp_path, monkeypatch, server_key=rsa.generate_private_key(65537, 2048))
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port), old=True) as front:
        told = {f"127.0.0.1:{front.port}": "legacy"} if declared else {}
        (line,) = crawl(tmp_path / "a", [f"https://127.0.0.1:{front.port}/nb/"], NIANBAO_TLS=told)["columns"]
        assert (line["outcome"], line["refusal"]) == (("complete", "") if declared else ("refused", "tls"))
        assert bool(site.paths()) == declared
    if declared:
        assert {json.loads(found["headers"])[-1][1] for found in captures(tmp_path / "a")} == {"tls-legacy"}


def test_an_old_server_is_asked_for_its_papers_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = secured(tmp_path, monkeypatch, server_key=rsa.generate_private_key(65537, 2048), trusted_for="127.0.0.99")
    with portal(3) as site, TlsFront(held.server, site.host, (site.host, site.port), old=True) as front:
        told = {f"127.0.0.1:{front.port}": "legacy"}
        (line,) = crawl(tmp_path / "a", [f"https://127.0.0.1:{front.port}/nb/"], NIANBAO_TLS=told)["columns"]
        assert (line["outcome"], line["refusal"]) == ("refused", "tls")
        assert not site.paths()


def may_bind_port_80() -> bool:
    try:
        with socket.create_server(("127.0.0.21", 80)):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not may_bind_port_80(), reason="only root may serve port 80")
def test_plain_http_where_nothing_listens_for_https_and_the_address_tells(tmp_path: Path) -> None:
    with portal(3, "127.0.0.21") as made, Site(made.routes, "127.0.0.21", port=80) as site:
        (line,) = crawl(tmp_path, ["https://127.0.0.21/nb/"])["columns"]
        assert (line["outcome"], line["accepted"]) == ("complete", 3)
        assert site.paths()
    assert all(found["final_url"].startswith("http://127.0.0.21/") for found in captures(tmp_path))
