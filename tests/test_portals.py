"""Declarations: what loads, what fails with file and key, and the command that writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import cli
from crawler.demo.hosting import served
from crawler.demo.simulated import shuili
from spiders import portals
from spiders.exceptions import PortalError

GOOD = '''
name = "甲县人民政府"
home = "https://www.example.gov.cn/"
division_code = "370100"
hosts = ["zwgk.example.net"]
delay = 3

[[column]]
agency = "甲县人民政府"
url = "https://www.example.gov.cn/zwgk/nb/"
expect = { years = [2019, 2024] }
'''


def declared(folder: Path, text: str, slug: str = "jia") -> Path:
    path = folder / f"{slug}.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_declaration_loads(tmp_path: Path) -> None:
    portal = portals.load(declared(tmp_path, GOOD))
    assert (portal.slug, portal.columns[0].years, portal.delay) == ("jia", (2019, 2024), 3)
    assert portal.own_hosts() == ("www.example.gov.cn", "zwgk.example.net")
    target, = portal.targets()
    assert (target.role, target.column, target.state) == ("column", target.url, {"agency": "甲县人民政府", "code": "370100"})


def test_a_declaration_survives_being_written(tmp_path: Path) -> None:
    first = portals.load(declared(tmp_path, GOOD))
    assert portals.load(declared(tmp_path, portals.to_toml(first))) == first


@pytest.mark.parametrize(("line", "said"), [
    ('regoin = "370100"', "regoin"), ('name = 3', "name"), ('delay = "slow"', "delay"), ('home = "www.example.gov.cn"', "home"),
    ('platform = "wordpress"', "wordpress"), ('[[column]]\nagency = "x"', "column 1: url"),
    ('[[column]]\nurl = "nb/"', "column 1: url"), ('[[column]]\nurl = "http://x.gov.cn/"\nexpect = { year = 3 }', "expect"),
    ("name = ", "TOML"), ("verified = 1", "verified")])
def test_a_wrong_key_fails_with_file_and_key(tmp_path: Path, line: str, said: str) -> None:
    facts = {"name": 'name = "x"', "home": 'home = "http://x.gov.cn/"'}
    text = "\n".join([*(text for key, text in facts.items() if not line.startswith(key)), line])
    with pytest.raises(PortalError, match=r"^jia\.toml: ") as error:
        portals.load(declared(tmp_path, text))
    assert said in str(error.value)


def test_the_first_folder_that_names_a_portal_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared(tmp_path, GOOD, "mwr")
    assert portals.find("mwr").name == "水利部"
    monkeypatch.setenv("NIANBAO_PORTALS", str(tmp_path))
    assert portals.find("mwr").name == "甲县人民政府"
    with pytest.raises(PortalError, match="there is no portal 'nobody'"):
        portals.find("nobody")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["portal", *arguments])


def test_list_prints_one_object_per_portal(tmp_path: Path) -> None:
    declared(tmp_path, GOOD)
    lines = [json.loads(line) for line in run("list", "--json", "--portals", str(tmp_path)).stdout.splitlines()]
    assert len(lines) == len(portals.files([tmp_path]))
    assert {"slug", "name", "home", "columns", "verified"} <= lines[0].keys()


def test_a_bad_declaration_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    declared(tmp_path, GOOD + 'regoin = "x"\n')
    result = run("list", "--portals", str(tmp_path))
    assert result.exit_code == 2 and "regoin" in result.stderr and "Traceback" not in result.output


def test_import_writes_a_declaration_per_line(tmp_path: Path) -> None:
    table = tmp_path / "counties.csv"
    table.write_text("name,code,home\n甲县,370102,http://www.jiaxian.gov.cn/\n乙县,,http://yixian.gov.cn\n", "utf-8-sig")
    assert run("import", str(table), "--portals", str(tmp_path / "new")).exit_code == 0
    assert sorted(path.stem for path in (tmp_path / "new").iterdir()) == ["jiaxian", "yixian"]
    made = portals.load(tmp_path / "new" / "jiaxian.toml")
    assert (made.division_code, made.level) == ("370102", "县")
    again = run("import", str(table), "--portals", str(tmp_path / "new"))
    assert again.exit_code == 2 and "--force" in again.stderr


def test_import_names_the_bad_line(tmp_path: Path) -> None:
    table = tmp_path / "counties.csv"
    table.write_text("name,code,home\n甲县,370101,http://www.jiaxian.gov.cn/\n乙县,,yixian\n", "utf-8")
    result = run("import", str(table), "--portals", str(tmp_path / "new"))
    assert result.exit_code == 2 and "line 3" in result.stderr
    assert not (tmp_path / "new").exists()


def test_import_refuses_a_code_that_no_division_bears(tmp_path: Path) -> None:
    table = tmp_path / "counties.csv"
    table.write_text("name,code,home\n甲县,999999,http://www.jiaxian.gov.cn/\n", "utf-8")
    result = run("import", str(table), "--portals", str(tmp_path / "new"))
    assert result.exit_code == 2 and "甲县" in result.stderr and "999999" in result.stderr
    assert not (tmp_path / "new").exists()


def test_what_new_saw_is_recorded_and_walked_again_without_the_network(tmp_path: Path) -> None:
    with served(shuili.portal()) as port:
        made = run("new", f"http://127.0.0.1:{port}/zwgk/gknb2/", "--portals", str(tmp_path), "--allow-private", "127.0.0.0/8",
                   "--delay", "0")
    slug = next(tmp_path.glob("*.toml")).stem
    checked = run("check", slug, "--recorded", "--json", "--portals", str(tmp_path))       # nobody serves it any more
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["reports"] == len(made.stdout.splitlines()) > 0
    (tmp_path / f"{slug}.warc.gz").write_bytes(b"no WARC")
    broken = run("check", slug, "--recorded", "--portals", str(tmp_path))
    assert broken.exit_code == 2 and f"{slug}.warc.gz" in broken.stderr
    (tmp_path / f"{slug}.warc.gz").unlink()
    none = run("check", slug, "--recorded", "--portals", str(tmp_path))
    assert none.exit_code == 2 and "portal new" in none.stderr


def test_new_says_what_to_do_when_it_finds_no_column(tmp_path: Path) -> None:
    with served(shuili.portal()) as port:
        result = run("new", f"http://127.0.0.1:{port}/no/such/", "--portals", str(tmp_path), "--allow-private", "127.0.0.0/8",
                     "--delay", "0")
    assert result.exit_code == 2 and "no annual-report column found" in result.stderr
    assert "the address is gone: look for the column anew" in result.stderr
    assert not list(tmp_path.iterdir())


def test_new_looks_at_a_page_and_writes_what_it_found(tmp_path: Path) -> None:
    with served(shuili.portal()) as port:
        made = run("new", f"http://127.0.0.1:{port}/zwgk/gknb2/", "--portals", str(tmp_path), "--allow-private", "127.0.0.0/8",
                   "--delay", "0")
        assert made.exit_code == 0, made.output
        assert "流域机构0局2023年度政府信息公开工作报告" in made.stdout
        slug = next(tmp_path.glob("*.toml")).stem
        portal = portals.find(slug, [tmp_path])
        assert portal.platform == "trs" and [c.url for c in portal.columns] == [f"http://127.0.0.1:{port}/zwgk/gknb2/"]
        path = portal.path
        assert path
        path.write_text(path.read_text("utf-8") + "expect = { years = [2011, 2023] }\n", "utf-8")
        checked = run("check", slug, "--json", "--portals", str(tmp_path), "--allow-private", "127.0.0.0/8", "--delay", "0")
    found = json.loads(checked.stdout)
    assert found["missing"] == [2011] and found["found"][-1] == 2023 and checked.exit_code == 1


def test_a_private_address_is_not_looked_at_unasked(tmp_path: Path) -> None:
    result = run("new", "http://127.0.0.1:9/zwgk/", "--portals", str(tmp_path), "--delay", "0")
    assert result.exit_code == 2 and "private address" in result.stderr
