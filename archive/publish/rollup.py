"""Sums that every overview needs, once per publish: the site never adds up a million rows for a visitor."""

from __future__ import annotations

#: name → the cells of `figures` it adds up; the 2014 form only counts what was received
MEASURED = {
    "received": "coalesce(new_received_total, s14_received)",
    "handled": "total_handled_total",
    "granted": "granted_total",
    "partly_granted": "partly_granted_total",
    "refused": "{refused}", "unavailable": "{unavailable}", "rejected": "{rejected}", "other": "{other}",
}
_GROUPS = ("refused", "unavailable", "rejected", "other")

_TOTALS = """
create table totals as
select r.year, r.level, r.province, r.function, r.body_type,
       iif(coalesce(r.scope, '') like 'aggregate%', 'aggregate', 'own') as scope, count(*) as reports,
       sum(r.checks_failed > 0) as failed, sum(r.state = 'on_time') as on_time, sum(r.state = 'late') as late,
       count({received}) as with_received, {sums}
  from reports r join figures f using (report_id) group by 1, 2, 3, 4, 5, 6"""

_AGENCIES = """
insert into agencies
select agency_id, agency, level, division_code, province, place, body_type, function, null, null, 0, 0, 0, 0 from (
  select *, row_number() over (partition by agency_id
                               order by coalesce(scope, '') like 'aggregate%', year desc, rowid desc) as n
    from reports where agency_id is not null) where n = 1"""

#: bodies that are expected to publish and never did: what their id says is all that is known of them
_SILENT = """
insert into agencies
select agency_id, max(body), null, code, substr(code, 1, 2), nullif(place_of(code), ''), null, kind, null, null, 0, 0, 0, 0
  from (select *, nullif(substr(agency_id, 1, instr(agency_id || ':', ':') - 1), '') as code,
               nullif(substr(agency_id, instr(agency_id || ':', ':') + 1), '') as kind from coverage)
 where agency_id not in (select agency_id from agencies) group by agency_id"""

_COUNTS = """
update agencies set
  (first_year, last_year, reports, checks_failed) = (
    select min(year), max(year), count(*), sum(checks_failed) from reports r where r.agency_id = agencies.agency_id),
  (late, absent) = (
    select sum(state = 'late'), sum(state = 'absent') from coverage c where c.agency_id = agencies.agency_id)"""

_COVERAGE = """
update coverage set (report_id, checks_failed) = (
  select report_id, checks_failed from reports r where r.agency_id = coverage.agency_id and r.year = coverage.year
   order by coalesce(scope, '') like 'aggregate%', report_id limit 1)"""


def statements(columns: list[str]) -> list[str]:
    """What to run once reports, figures and coverage are there and indexed."""
    groups = {name: _sum_of(name, columns) for name in _GROUPS}
    sums = ", ".join(f"sum({what.format(**groups)}) as {name}" for name, what in MEASURED.items())
    return [_AGENCIES, _SILENT, _COUNTS, _COVERAGE, _TOTALS.format(received=MEASURED["received"], sums=sums),
            "create index totals_year on totals(year, level)"]


def _sum_of(group: str, columns: list[str]) -> str:
    """Blanks within a group count as nothing as long as one of its cells has a number."""
    cells = [name for name in columns if name.startswith(f"{group}_") and name.endswith("_total")]
    every = " + ".join(f"coalesce({name}, 0)" for name in cells)
    return f"iif(coalesce({', '.join(cells)}) is null, null, {every})"
