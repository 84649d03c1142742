"""Every version of a report, what made it one, and what changed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from archive import catalogue, versions
from crawler.cli import cli
from parsers import Hints, parse
from tests.churn import CHURN, another_digit
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.sample import Sample, cell, report

KEY = "140927:justice:2019"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)


def put(sample: Sample, body: str, at: str, url: str = "http://p/a", **more: Any) -> str:
    digest = sample.see(url, body.encode(), at)
    sample.read(digest, report(**more))
    return digest


def fate(sample: Sample, key: str = KEY) -> list[tuple[Any, ...]]:
    return sample.db.execute("select version, change, state, url from versions where report_id = ? order by version",
                             (key,)).fetchall()


def received(number: int) -> dict[str, Any]:
    return {"requests": {"new_received": {"total": cell(number)}}}


def test_other_bytes_with_the_same_words_are_cosmetic(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00")
    put(sample, "b", "2024-03-01T00:00:00")
    assert fate(sample) == [(1, "first", "replaced", "http://p/a"), (2, "cosmetic", "current", "http://p/a")]


def test_the_same_words_with_a_number_in_another_cell_are_an_amendment(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00", **received(3))
    put(sample, "b", "2024-03-01T00:00:00", **received(4))
    assert [line[1:3] for line in fate(sample)] == [("first", "replaced"), ("amended", "current")]


def test_what_was_there_before_and_comes_back_is_a_version_again(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00", text_digest="a")
    put(sample, "b", "2024-03-01T00:00:00", text_digest="b")
    put(sample, "a", "2024-04-01T00:00:00", text_digest="a")
    assert [line[1:3] for line in fate(sample)] == [("first", "replaced"), ("amended", "replaced"), ("amended", "current")]


def test_another_address_is_a_copy_when_it_says_the_same_and_reissued_when_not(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00", **received(3))
    put(sample, "b", "2024-03-01T00:00:00", "http://p/b", **received(3), text_digest="set otherwise")
    put(sample, "c", "2024-04-01T00:00:00", "http://p/c", **received(4), text_digest="new words")
    assert [line[1] for line in fate(sample)] == ["first", "copy", "reissued"]


def test_removed_is_said_after_two_answers_a_week_apart(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00")
    for day, state in (("01", "current"), ("05", "current"), ("09", "removed")):
        gone(sample, f"2024-03-{day}T00:00:00")
        assert fate(sample)[0][2] == state
    put(sample, "a", "2024-05-01T00:00:00")                      # and it was not for ever
    assert fate(sample)[0][2] == "current"


def gone(sample: Sample, at: str, url: str = "http://p/a") -> None:
    sample.see(url, b"not here", at, outcome="gone")
    with sample.db:
        sample.db.execute("update capture set digest = null where outcome = 'gone'")


def test_a_page_that_lost_its_tables_does_not_speak_for_the_report(sample: Sample) -> None:
    good = put(sample, "a", "2024-02-01T00:00:00")
    put(sample, "b", "2024-03-01T00:00:00", requests={}, proactive={}, text_digest="b")
    digest, why = sample.db.execute("select digest, why from report").fetchone()
    assert digest == good
    assert "tables" in why


def test_diff_names_each_number_rule_and_sentence_that_changed(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00", text="收到申请三件。均已答复。")
    put(sample, "b", "2024-03-01T00:00:00", text="收到申请四件。均已答复。", text_digest="b", checks=[], **received(4))
    put(sample, "c", "2024-04-01T00:00:00", text="收到申请四件。均已答复。", text_digest="b", checks=[], **received(4))
    shown = json.loads(nianbao(sample, "diff", KEY, "--json"))
    assert (shown["before"]["version"], shown["after"]["version"]) == (1, 2)        # the last is only cosmetic
    (total,) = [c for c in shown["cells"] if c["column_id"] == "total"]
    assert (total["before"]["value"], total["after"]["value"], total["row_label"] != "") == (3, 4, True)
    assert shown["checks"][0]["rule"] == "A01_row_sum" and shown["checks"][0]["after"] is None
    assert "-收到申请三件。" in shown["text"] and "+收到申请四件。" in shown["text"]
    assert " 均已答复。" in shown["text"]
    words = nianbao(sample, "diff", KEY)
    assert "3 → 4" in words


def test_two_versions_are_compared_by_name_and_a_wrong_name_is_one_sentence(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00")
    put(sample, "b", "2024-03-01T00:00:00")
    assert "the same words and numbers" in nianbao(sample, "diff", KEY, "--between", "1", "2")
    wrong = CliRunner().invoke(cli, ["diff", KEY, "--between", "1", "9", "--archive", str(sample.folder)])
    assert wrong.exit_code == 2 and "there is no version '9'" in wrong.stderr


def test_show_lists_the_versions_oldest_first(sample: Sample) -> None:
    put(sample, "a", "2024-02-01T00:00:00")
    put(sample, "b", "2024-03-01T00:00:00", text_digest="b")
    lines = nianbao(sample, "show", KEY, "--versions").splitlines()
    assert lines[0].split()[:3] == ["1", "first", "replaced"]
    assert lines[1].split()[:4] == ["*", "2", "amended", "current"]
    assert [v["version"] for v in catalogue.show(sample.db, KEY)["versions"]] == [2, 1]


def nianbao(sample: Sample, *words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--archive", str(sample.folder)])
    assert done.exit_code == 0, done.output
    return done.stdout


# ---------------------------------------------------------------- real files

CASES = [(layout, churn) for layout, shape in LAYOUTS.items() for churn in CHURN.get(shape.suffix, ())
         if layout in ("html_portal", "html_gbk", "paper_ruled", "docx_clean", "odt_clean")]


def read(sample: Sample, data: bytes, at: str, media_type: str) -> None:
    digest = sample.see("http://p/file", data, at, media_type=media_type)
    made = parse(data, Hints(url="http://p/file"))
    sample.read(digest, made.to_json() | {"text": made.text})


@pytest.mark.parametrize(("layout", "churn"), CASES)
def test_churn_makes_no_version(sample: Sample, layout: str, churn: str) -> None:
    shape, random = LAYOUTS[layout], Random(layout + churn)
    data = shape.render(make(41, plain=True))
    other = CHURN[shape.suffix][churn](data, random)
    assert other != data
    read(sample, data, "2024-02-01T00:00:00", shape.media_type)
    read(sample, other, "2024-03-01T00:00:00", shape.media_type)
    changes = [line[0] for line in sample.db.execute("select change from versions order by report_id, version")]
    assert changes == ["first", "cosmetic"]


@pytest.mark.parametrize("layout", ["html_portal", "html_word", "paper_ruled", "docx_clean", "odt_clean", "text_pipes"])
def test_one_changed_digit_in_a_table_is_found_and_named(sample: Sample, layout: str) -> None:
    shape = LAYOUTS[layout]
    truth = make(42, plain=True)
    changed, before, after = another_digit(truth, Random(layout))
    read(sample, shape.render(truth), "2024-02-01T00:00:00", shape.media_type)
    read(sample, shape.render(changed), "2024-03-01T00:00:00", shape.media_type)
    (key,) = {line[0] for line in sample.db.execute("select report_id from versions where change = 'amended'")}
    found = versions.diff(sample.db, *(v["reading_id"] for v in versions.pair(sample.db, key)))
    assert [(c["before"]["raw"], c["after"]["raw"]) for c in found["cells"]] == [(before, after)]
