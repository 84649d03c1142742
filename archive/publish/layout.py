"""The tables of `browse.db`. Names and columns follow the archive's stable views wherever both have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archive.dictionary import variable

TABLES = """
create table reports(
  report_id text primary key, agency text, agency_id text, level text, division_code text, body_type text, scope text,
  year integer, format_version text, title text, published_on text, digest text, url text, checks_failed integer,
  function text, province text, place text, state text, due_on text, media_type text, first_captured_at text,
  versions integer, checks_passed integer, warnings integer);
create table agencies(
  agency_id text primary key, agency text, level text, division_code text, province text, place text, body_type text,
  function text, first_year integer, last_year integer, reports integer, late integer, absent integer, checks_failed integer);
create table coverage(
  agency_id text, year integer, due_on text, state text, first_seen_at text, last_looked_at text, body text, looks integer,
  source text, report_id text, checks_failed integer, primary key(agency_id, year)) without rowid;
create table checks(
  report_id text, rule text, verdict text, severity text, left, right, message text, locator text, subject text, settled text,
  agency text, year integer);
create table cell_notes(
  report_id text, table_id text, row_id text, column_id text, value, raw text, status text, unit text, value_yuan,
  primary key(report_id, table_id, row_id, column_id)) without rowid;
create table detail(report_no integer primary key, data blob);
create table terms(kind text, id text, label text, label_en text, primary key(kind, id)) without rowid;
create table rules(rule text primary key, title text, title_en text, expression text, over text, equations text);
create table published(key text primary key, value text);
create virtual table search using fts5(name, body, facet, content='', columnsize=0, tokenize='{tokenize}');
"""

INDEXES = """
create index reports_agency on reports(agency_id, year);
create index reports_year on reports(year);
create index reports_level on reports(level, year);
create index reports_province on reports(province, year);
create index reports_function on reports(function, year);
create index reports_body_type on reports(body_type);
create index reports_format on reports(format_version);
create index reports_failed on reports(checks_failed);
create index reports_state on reports(state, year);
create index reports_published on reports(published_on);
create index reports_digest on reports(digest);
create index figures_agency on figures(agency_id, year);
create index figures_year on figures(year);
create index agencies_place on agencies(province, level, function);
create index agencies_name on agencies(agency);
create index coverage_state on coverage(state, year);
create index checks_report on checks(report_id);
create index checks_rule on checks(rule, year);
create index checks_severity on checks(severity, year);
create index versions_report on versions(report_id);
create index captures_url on captures(url, captured_at);
create index captures_digest on captures(digest);
create index captures_portal on captures(portal, outcome);
create index captures_seen on captures(captured_at);
create index columns_portal on columns(portal);
create index issues_report on issues(report_id);
create index issues_kind on issues(kind);
"""

#: columns of `figures` that say whose row it is
WHOSE = ("report_id", "agency", "agency_id", "year", "level", "province", "function", "body_type", "scope")

Field = Mapping[str, object]


def column_of(field: Field) -> str:
    """The panel's name of a cell, granted_total; money, kept in yuan here, ends in _yuan."""
    name = variable(str(field["row_id"]), str(field["column_id"]))
    return f"{name.removesuffix('_wan')}_yuan" if is_money(field) else name


def is_money(field: Field) -> bool:
    """The form leaves the unit of some amounts open: they are kept in yuan."""
    return field["unit"] in ("万元", "元", "unspecified")


def figures(fields: Sequence[Field]) -> str:
    """One column per statutory cell, without a type so that whole numbers stay whole."""
    whose = ", ".join(f"{name} {'integer' if name == 'year' else 'text'}" for name in WHOSE)
    cells = ", ".join(f'"{column_of(field)}"' for field in fields)
    return f"create table figures({whose}, {cells}, primary key(report_id)) without rowid"


def cells(fields: Sequence[Field]) -> str:
    """The tidy view: plain numbers out of `figures`, everything with something to say about it out of `cell_notes`."""
    plain = (_plain(field) for field in fields if not is_money(field))
    noted = "select report_id, table_id, row_id, column_id, value, status, unit, value_yuan from cell_notes"
    return "create view cells as " + " union all ".join((*plain, noted))


def _plain(field: Field) -> str:
    table, row, column = (str(field[part]) for part in ("table_id", "row_id", "column_id"))
    name = column_of(field)
    return (f"select report_id, '{table}' as table_id, '{row}' as row_id, '{column}' as column_id, \"{name}\" as value,"
            f" iif(\"{name}\" = 0, 'zero', 'number') as status, '{field['unit']}' as unit, null as value_yuan from figures f"
            f" where \"{name}\" is not null and not exists (select 1 from cell_notes n where n.report_id = f.report_id"
            f" and n.table_id = '{table}' and n.row_id = '{row}' and n.column_id = '{column}')")


def copied(name: str, columns: Iterable[str]) -> str:
    """A table with the columns of a stable view."""
    return f"create table {name}({', '.join(columns)})"
