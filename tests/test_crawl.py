"""`nianbao crawl` as a person runs it: what it prints, how it exits, how it is interrupted and goes on."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from tests.crawling import captures, outcomes
from tests.loopback import Answer, Site, column, page, portal, report

ROOT = Path(__file__).parents[1]
TITLE = "神池县司法局2019年政府信息公开工作年度报告"


def nianbao(*words: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", "from crawler.cli import cli; cli()", *words], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def crawl(folder: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    child = nianbao("crawl", *words, "--archive", str(folder), "--allow-private", "127.0.0.0/8", **more)
    out, err = child.communicate(timeout=300)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def wait_for(site: Site, hits: int) -> None:
    until = time.monotonic() + 60
    while len(site.hits) < hits and time.monotonic() < until:
        time.sleep(0.01)
    assert len(site.hits) >= hits


def test_a_complete_column_exits_with_0_and_is_told_in_one_line(tmp_path: Path) -> None:
    with portal(4) as site:
        done = crawl(tmp_path, site.url("/nb/"))
    assert done.returncode == 0
    assert done.stdout.startswith("complete")
    assert site.url("/nb/") in done.stdout
    assert "5 captures, 5 new documents, 4 read" in done.stdout


def test_without_readers_a_crawl_only_keeps_and_parse_reads_later(tmp_path: Path) -> None:
    with portal(4) as site:
        done = crawl(tmp_path, site.url("/nb/"), "--readers", "0")
    assert "5 captures, 5 new documents, 0 read" in done.stdout
    later = nianbao("parse", "--readers", "2", "--archive", str(tmp_path)).communicate(timeout=300)[1]
    assert "4 documents read" in later


def test_the_ledger_is_json_when_asked_and_kept_in_the_archive(tmp_path: Path) -> None:
    with portal(4) as site:
        done = crawl(tmp_path, site.url("/nb/"), "--json")
    (line,) = json.loads(done.stdout)["columns"]
    assert (line["outcome"], line["rows"], line["accepted"], line["walked"]) == ("complete", 4, 4, 1)
    with Archive(tmp_path, write=False) as archive:
        kept = archive.db.execute("select url, outcome, accepted from columns").fetchall()
        assert kept == [(site.url("/nb/"), "complete", 4)]
        assert archive.db.execute("select count(*) from frontier").fetchone() == (0,)
        assert archive.db.execute("select state from run").fetchall() == [("done",)]


def test_a_refused_column_exits_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    with portal(4) as site:
        site.routes["/nb/"] = Answer(b"<html>no</html>", 403)
        done = crawl(tmp_path, site.url("/nb/"))
    assert done.returncode == 1
    assert done.stdout.startswith("refused")
    assert "waf: refused by a firewall" in done.stdout


def test_a_page_without_a_list_is_broken_and_one_that_says_so_is_empty(tmp_path: Path) -> None:
    with Site() as site:
        site.routes["/other/"] = page("机构职能", "<p>负责全县的行政工作。</p>" * 30)
        site.routes["/empty/"] = page("政府信息公开年报", "<h2>政府信息公开年报</h2><div class='list'>暂无相关信息</div>")
        done = crawl(tmp_path, site.url("/other/"), site.url("/empty/"), "--json")
    found = {line["url"]: (line["outcome"], line["refusal"]) for line in json.loads(done.stdout)["columns"]}
    assert found == {site.url("/other/"): ("broken", "needs-adapter"), site.url("/empty/"): ("empty", "")}
    assert done.returncode == 1


def test_a_dead_link_is_told_and_leaves_its_column_complete(tmp_path: Path) -> None:
    with portal(4) as site:
        del site.routes["/nb/t2.html"]
        done = crawl(tmp_path, site.url("/nb/"), "--json")
    (line,) = json.loads(done.stdout)["columns"]
    assert (line["outcome"], line["missed"]) == ("complete", {"gone": 1})


def test_a_report_that_could_not_be_had_makes_its_column_partial(tmp_path: Path) -> None:
    with portal(4) as site:
        site.routes["/nb/t2.html"] = Answer(b"<html>no</html>", 403)
        done = crawl(tmp_path, site.url("/nb/"), "--json")
    (line,) = json.loads(done.stdout)["columns"]
    assert (line["outcome"], line["refusal"], line["missed"]) == ("partial", "waf", {"waf": 1})
    assert done.returncode == 1


@pytest.mark.parametrize(("words", "sentence"), [
    (["no-such-portal"], "there is no portal 'no-such-portal'"),
    (["http://a.example/", "--allow-private", "loopback"], "no network"),
    (["http://a.example/", "--year", "1949"], "1949")])
def test_wrong_usage_exits_with_2_and_one_sentence(tmp_path: Path, words: list[str], sentence: str) -> None:
    done = crawl(tmp_path / "a", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    with portal(60) as site:
        for n in range(60):
            site.routes[f"/nb/t{n}.html"] = Answer(report(n).body, pause=0.05)
        child = nianbao("crawl", site.url("/nb/"), "--archive", str(tmp_path), "--allow-private", "127.0.0.0/8")
        wait_for(site, 20)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        assert child.returncode == 3, err
        assert "the same command goes on" in err
        assert "Traceback" not in err
        asked = len(site.paths())
        assert asked < 60
        assert set(outcomes(tmp_path).values()) == {"ok"}
        done = crawl(tmp_path, site.url("/nb/"))
        assert done.returncode == 0
        assert "resumed" in done.stdout
        assert len(site.paths()) == 61                    # nothing twice
    assert out.count("\n") >= 1


def test_another_year_is_another_run(tmp_path: Path) -> None:
    with portal(40) as site:
        site.routes["/nb/t0.html"] = Answer(report(0).body, pause=0.5)
        child = nianbao("crawl", site.url("/nb/"), "--year", "2019", "--archive", str(tmp_path),
                        "--allow-private", "127.0.0.0/8")
        wait_for(site, 3)
        child.kill()
        child.communicate()
        done = crawl(tmp_path, site.url("/nb/"), "--json")
    assert not json.loads(done.stdout)["resumed"]
    assert json.loads(done.stdout)["columns"][0]["accepted"] == 40


def test_a_second_crawl_into_the_same_archive_is_told_who_writes(tmp_path: Path) -> None:
    with portal(3) as site:
        site.routes["/nb/t0.html"] = Answer(report(0).body, pause=3)
        first = nianbao("crawl", site.url("/nb/"), "--archive", str(tmp_path), "--allow-private", "127.0.0.0/8")
        wait_for(site, 2)
        second = crawl(tmp_path, site.url("/nb/"))
        first.communicate(timeout=60)
    assert second.returncode == 5
    assert f"is being written by process {first.pid}" in second.stderr


def test_a_full_disk_ends_the_crawl_with_a_sentence_and_the_next_one_completes_it(tmp_path: Path) -> None:
    with portal(40) as site:
        for n in range(40):
            site.routes[f"/nb/t{n}.pdf"] = Answer(b"%PDF-1.4\n" + os.urandom(60_000) + b"\n%%EOF\n",
                                                  headers={"Content-Type": "application/pdf"})
        site.routes["/nb/"] = column({f"/nb/t{n}.pdf": TITLE for n in range(40)})
        full = crawl(tmp_path, site.url("/nb/"), preexec_fn=_a_megabyte)
        assert full.returncode == 4
        assert "disk of" in full.stderr
        assert "Traceback" not in full.stderr
        done = crawl(tmp_path, site.url("/nb/"), "--json")
    shown = json.loads(done.stdout)
    assert shown["resumed"]
    assert shown["columns"][0]["outcome"] == "complete"
    assert sum(each["outcome"] == "ok" for each in captures(tmp_path)) == 41


def _a_megabyte() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def test_a_page_that_makes_the_spider_trip_costs_that_page(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("""
import spiders.column
true = spiders.column.ColumnSpider.see
def see(self, target, page, outcome):
    if "t1" in target.url: raise KeyError("tripped")
    return true(self, target, page, outcome)
spiders.column.ColumnSpider.see = see
""")
    with portal(4) as site:
        done = crawl(tmp_path / "a", site.url("/nb/"), env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    assert done.returncode == 0
    (tripped,) = [each for each in captures(tmp_path / "a") if each["url"].endswith("t1.html")]
    assert tripped["digest"]
    assert "tripped" in tripped["error"]
