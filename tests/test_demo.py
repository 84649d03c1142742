"""The sample portals: everything in them is found and read exactly, a second visit costs nothing, a kill loses nothing."""

from __future__ import annotations

import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from archive.store import Archive
from crawler.demo import server, walk
from tests.generator import demo_site
from tests.generator.judge import cell_difference
from tests.generator.model import Key

KILLS = 5


def free_port() -> int:
    """A port that is free on the loopback addresses, so that two crawls see the same addresses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def demo(folder: Path, port: int) -> subprocess.Popen[str]:
    """`nianbao demo --no-serve` in a process of its own."""
    words = ["demo", "--no-serve", "--archive", str(folder), "--portals-port", str(port)]
    return subprocess.Popen([sys.executable, "-c", "from crawler.cli import cli; cli()", *words], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(folder: Path, port: int) -> str:
    child = demo(folder, port)
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, out + err
    return out


@dataclass(frozen=True)
class Visit:
    """An archive of the sample portals after two undisturbed runs, and what the runs said."""

    folder: Path
    port: int
    first: str
    second: str
    holdings: tuple[object, ...]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    first = finished(folder, port)
    before = holdings(folder)
    return Visit(folder, port, first, finished(folder, port), before)


def holdings(folder: Path) -> tuple[object, ...]:
    """Everything an archive knows that does not depend on the hour: documents, readings, cells, reports."""
    with Archive(folder, write=False) as archive:
        return tuple(tuple(archive.db.execute(sql)) for sql in (
            "select digest, size, media_type, text_digest from documents order by digest",
            "select reading_id, digest, parser_version, hints, kind, title, text from reading order by reading_id",
            "select * from reports order by report_id", "select * from cells order by 1, 2, 3, 4",
            "select * from checks order by 1, 2, 8, 7", "select distinct url, digest, role from captures order by 1"))


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with Archive(folder, write=False) as archive:
        return archive.db.execute(sql).fetchall()


# ---------------------------------------------------------------- what is found


def test_every_report_is_found_with_its_agency_level_year_and_format(visit: Visit) -> None:
    found = {(agency, year): (level, code, form) for agency, year, level, code, form in rows(
        visit.folder, "select agency, year, level, division_code, format_version from reports")}
    assert found == {key: (truth.level, truth.division_code, truth.form) for key, truth in demo_site.reports().items()}
    assert len(found) >= 30


def cells(folder: Path) -> Iterator[tuple[tuple[object, object], Key, dict[str, object]]]:
    for agency, year, table, row, column, *cell in rows(
            folder, """select agency, year, table_id, row_id, column_id, raw, value, status, value_yuan
                         from cells join reports using (report_id)"""):
        named = dict(zip(("raw", "value", "status", "value_yuan"), cell, strict=True))
        yield (agency, year), (str(table), str(row), str(column)), named


def test_every_cell_is_the_one_that_was_invented(visit: Visit) -> None:
    found = {(report, key): cell for report, key, cell in cells(visit.folder)}
    expected = {(report, key): cell for report, truth in demo_site.reports().items() for key, cell in truth.cells.items()}
    assert found.keys() == expected.keys()
    assert {key: wrong for key, cell in expected.items() if (wrong := cell_difference(cell, found[key]))} == {}


def test_every_copy_of_a_report_has_the_same_words(visit: Visit) -> None:
    copies = """select report_id, count(distinct text_digest), count(distinct media_type) from report_version
                  join documents using (digest) group by report_id having count(distinct media_type) = 3"""
    assert [digests for _, digests, _ in rows(visit.folder, copies)] == [1, 1, 1]


def test_the_two_broken_sums_are_named_and_no_other(visit: Visit) -> None:
    failed = rows(visit.folder, """select distinct agency, year, substr(rule, 1, 3) from checks join reports using (report_id)
                                    where verdict = 'fail' and checks.severity = 'error'""")
    truths = demo_site.reports().items()
    assert set(failed) == {(agency, year, rule) for (agency, year), truth in truths for rule in truth.failures}
    assert len({(agency, year) for agency, year, _ in failed}) == 2
    for agency, year, rule in failed:
        line = next(line for line in visit.first.splitlines() if f"{agency} {year}:" in line)
        assert line.strip().startswith(str(rule))


def test_the_corrected_report_speaks_and_the_first_one_is_kept(visit: Visit) -> None:
    agency, year = demo_site.REVISED
    versions = rows(visit.folder, f"""select v.chosen, d.published_on from report_version v join report using (report_id)
                                        join reading d on d.reading_id = v.reading_id
                                       where agency = '{agency}' and year = {year} order by 2""")
    assert versions == [(0, "2023-01-16"), (1, "2023-02-16")]
    assert demo_site.misprinted().failures == {"A04"}


def test_the_same_bytes_at_three_addresses_are_one_document(visit: Visit) -> None:
    copies = rows(visit.folder, "select count(distinct url) from captures where digest is not null group by digest")
    assert max(copies) == (3,)


def test_look_alikes_are_counted_not_fetched_and_the_empty_column_is_proved(visit: Visit) -> None:
    walked = rows(visit.folder, "select url, outcome from columns")
    assert {urlsplit(str(url)).path: outcome for url, outcome in walked} == {
        "/zwgk/zfxxgknb/": "complete", "/zwgk/jdb/zfxxgknb/": "empty", "/col/col12377/index.html": "complete"}
    assert not [title for (title,) in rows(visit.folder, "select link_text from captures") if "网站工作年度报表" in str(title)]
    assert visit.first.count("left out: look-alike: 政府网站工作年度报表") == 2


# ---------------------------------------------------------------- again, and after a kill


def test_a_second_run_stores_and_reads_nothing_and_says_so(visit: Visit) -> None:
    assert holdings(visit.folder) == visit.holdings
    assert "0 new documents, 0 read" in visit.second
    assert "nothing new: no document stored, nothing read" in visit.second
    assert "nothing new" not in visit.first


def test_killed_five_times_the_archive_is_as_if_undisturbed(visit: Visit, tmp_path: Path) -> None:
    codes = [killed(tmp_path, visit.port, moment) for moment in sorted(random.Random(5).sample(range(1, 100), KILLS))]
    assert -signal.SIGKILL in codes
    finished(tmp_path, visit.port)
    assert holdings(tmp_path) == visit.holdings


def killed(folder: Path, port: int, moment: int) -> int:
    """The exit code of a run that is killed as soon as `moment` captures and readings are stored."""
    child = demo(folder, port)
    while child.poll() is None and progress(folder) < moment:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    return child.returncode


def progress(folder: Path) -> int:
    """Captures and readings stored so far, as another process sees them."""
    if not (folder / "archive.db").exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True)) as db:
        try:
            stored: int = db.execute("select (select count(*) from capture) + (select count(*) from reading)").fetchone()[0]
            return stored
        except sqlite3.OperationalError:          # the tables are not made yet
            return 0


# ---------------------------------------------------------------- the portals themselves


def status(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urlopen(Request(url, headers=headers)) as answer:
            return answer.status, answer.read()
    except OSError as error:
        code = getattr(error, "code", 0)
        getattr(error, "close", lambda: None)()
        return code, b""


def test_a_file_wants_a_referrer_and_a_known_etag_gets_no_body() -> None:
    with server.serve(0) as bases:
        file = f"{bases['ningguo']}/zwgk/zfxxgknb/202204/P020220401310000000777.pdf"
        assert status(file)[0] == 501
        assert status(file, Referer=bases["ningguo"])[1].startswith(b"%PDF")
        with urlopen(f"{bases['dingxi']}/robots.txt") as answer:
            tag = answer.headers["ETag"]
        assert status(f"{bases['dingxi']}/robots.txt", **{"If-None-Match": tag}) == (304, b"")
        assert status(f"{bases['dingxi']}/../ningguo/index.html")[0] == 404
        assert status(f"{bases['dingxi']}/module/web/jpage/dataproxy.jsp?page=3")[1] == server.NO_MORE


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with server.serve(0) as first:
        taken = int(first["ningguo"].rsplit(":", 1)[1])
        with server.serve(taken) as second:
            assert second["ningguo"] != first["ningguo"]
            assert status(f"{second['ningguo']}/robots.txt")[0] == 200


def test_the_declarations_name_the_addresses_at_which_the_portals_are_served() -> None:
    bases = {"ningguo": "http://127.0.0.2:1234", "dingxi": "http://127.0.0.3:1234"}
    assert [(portal.slug, portal.home, portal.delay) for portal in walk.declared(bases)] == [
        ("demo-dingxi", "http://127.0.0.3:1234/", 0), ("demo-ningguo", "http://127.0.0.2:1234/", 0)]


def test_the_bundle_is_what_its_generator_writes_and_small() -> None:
    built = demo_site.build()
    kept = {path.relative_to(demo_site.BUNDLE).as_posix(): path.read_bytes()
            for path in demo_site.BUNDLE.rglob("*") if path.is_file()}
    compressed = (".docx", ".pdf")                # the same content may be packed otherwise by another zlib
    assert kept.keys() == built.keys()
    assert [name for name, data in built.items() if not name.endswith(compressed) and kept[name] != data] == []
    assert sum(map(len, kept.values())) < 3 << 20
    assert max(len(data) for name, data in kept.items() if name.endswith(".pdf")) < 60_000
