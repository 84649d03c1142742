"""The stable views of the catalogue: what downstream projects read. Columns are only ever added, at the end."""

from __future__ import annotations

LIE = "called unchanged just before, and not so"      # error of a capture: its host answered 304 for other bytes

MEASURES = ("grant_rate", "refusal_rate", "not_held_rate", "not_processed_rate", "natural_person_share", "carry_over_rate",
            "review_rate", "review_correction_rate", "suit_correction_rate")
_MEASURES = ", ".join(f"max(value) filter (where name = '{name}') as {name}" for name in MEASURES)

#: the statutory numbers of reading {0} are those of reading {1}
_CELLS = "select table_id, row_id, column_id, value, status from cell where reading_id ="
_SAME_CELLS = (f"not exists ({_CELLS} {{0}} except {_CELLS} {{1}})"
               f" and not exists ({_CELLS} {{1}} except {_CELLS} {{0}})")

VIEWS = {
    "reports": """
        select report_id, agency, agency_id, level, division_code, body_type, scope, year, format_version, title,
               published_on, digest, url, checks_failed, function, reading_id, why from report""",
    "documents": """
        select digest, size, media_type,
               (select text_digest from reading r where r.digest = document.digest
                 order by cast(parser_version as integer) desc limit 1) as text_digest,
               first_captured_at from document""",
    "captures": """
        select capture_id, run_id, url, captured_at, status, outcome, digest, referrer, link_text, final_url, role,
               portal, column_url, published_on, error from capture""",
    "columns": """
        select portal, url, platform, outcome, refusal, declared, walked, accepted, rejected, end_proof, walked_at,
               rows, declared_pages, reasons, run_id from walk
         where walked_at = (select max(walked_at) from walk w where w.portal = walk.portal and w.url = walk.url)""",
    # Hosts that answered 304 and then sent other words for the same address: not asked conditionally for a year.
    "hosts": f"""
        select substr(rest, 1, instr(rest || '/', '/') - 1) as host, max(captured_at) as distrusted_at, url as evidence
          from (select substr(url, instr(url, '://') + 3) as rest, url, captured_at from capture where error = '{LIE}')
         group by host""",
    # Every text a report ever had, address by address. What ends a version: other bytes at its address (replaced), or
    # two answers a week apart that it is gone (removed). A copy says the same; what says something else was reissued.
    "versions": f"""
        with look as (
          select v.report_id, v.reading_id, v.digest, v.chosen, v.why, r.text_digest, c.uid, c.url, c.captured_at, c.capture_id,
                 lag(c.digest) over (partition by v.report_id, c.uid order by c.captured_at, c.capture_id) as before
            from report_version v join reading r using (reading_id) join capture c on c.digest = v.digest
           where c.outcome in ('ok', 'not_modified')),
        numbered as (
          select *, sum(before is not digest) over (partition by report_id, uid order by captured_at, capture_id) as n
            from look),
        version as (
          select report_id, uid, n, url, digest, reading_id, text_digest, chosen, why, min(captured_at) as first_seen_at,
                 max(captured_at) as last_seen_at, count(*) as looks
            from numbered group by report_id, uid, n),
        placed as (
          select *, row_number() over (partition by report_id order by first_seen_at, url, digest) as version,
                 lag(reading_id) over (partition by report_id, uid order by n) as here_before,
                 lag(text_digest) over (partition by report_id, uid order by n) as said_before,
                 min(first_seen_at) over (partition by report_id) as born_at from version)
        select report_id, version,
               case when here_before is not null then
                         iif(text_digest = said_before and {_SAME_CELLS.format('p.reading_id', 'p.here_before')},
                             'cosmetic', 'amended')
                    when version = 1 then 'first'
                    when julianday(first_seen_at) - julianday(born_at) < 1 then 'copy'
                    when exists (select 1 from placed o where o.report_id = p.report_id and o.version < p.version
                                  and (o.text_digest = p.text_digest
                                    or exists (select 1 from cell where reading_id = p.reading_id and value is not null)
                                       and {_SAME_CELLS.format('p.reading_id', 'o.reading_id')})) then 'copy'
                    else 'reissued' end as change,
               case when exists (select 1 from capture c where c.uid = p.uid and c.captured_at > p.last_seen_at
                                   and c.digest <> p.digest and c.outcome in ('ok', 'not_modified')) then 'replaced'
                    when (select julianday(max(captured_at)) - julianday(min(captured_at)) from capture c where c.uid = p.uid
                            and c.captured_at > p.last_seen_at and c.outcome in ('gone', 'soft-404')) >= 7 then 'removed'
                    else 'current' end as state,
               url, first_seen_at, last_seen_at, looks, digest, text_digest, reading_id, chosen, why
          from placed p""",
    "cells": """
        select report_id, table_id, row_id, column_id, value, raw, status, unit, digest, locator, unit_source,
               value_yuan
          from report join cell using (reading_id)""",
    "checks": """
        select report_id, rule, verdict, severity, left_value as left, right_value as right, message, locator,
               substr(digest, 1, 12) || ' ' || rule || ' ' || locator as subject,
               (select reason from settlement s
                 where s.subject = substr(digest, 1, 12) || ' ' || rule || ' ' || locator) as settled
          from (select report_id, digest, rule, verdict, severity, left_value, right_value, message, locator
                  from report join verdict using (reading_id)
                 union all
                select report_id, digest, rule, verdict, severity, left_value, right_value, message, locator
                  from report join finding using (report_id))""",
    "measures": f"""
        select report_id, agency_id, year, {_MEASURES}
          from report join measure using (report_id) group by report_id, agency_id, year""",
    "lineage": "select agency_id, name, year, relation, later_id, later_name, evidence from succession",
    "tags": """
        select report_id, name, tag.value, confidence, evidence, digest from report join tag using (reading_id)""",
    "sections": """
        select report_id, position, section_id, section.title, section.text, locator, digest
          from report join section using (reading_id)""",
    "issues": """
        select i.issue_id, rv.report_id, coalesce(i.digest, '') as digest, i.kind, i.message, i.locator,
               coalesce(nullif(i.url, ''), (select min(url) from capture c where c.digest = i.digest), '') as url,
               substr(coalesce(i.digest, i.issue_id), 1, 12) || ' ' || i.kind || ' ' || i.locator as subject,
               (select reason from settlement s where s.subject =
                 substr(coalesce(i.digest, i.issue_id), 1, 12) || ' ' || i.kind || ' ' || i.locator) as settled
          from issue i left join report_version rv using (reading_id)""",
    "portals": "select portal, name, home, division_code, platform from portal",
    "fields": "select table_id, row_id, column_id, position, row_label, column_label, unit from field",
    # One line per agency and year from its first report to the last year due. A hole is "absent" only when the column
    # was walked to a proven end on three different days after the due date; before that nobody has really looked.
    "coverage": """
        with recursive years(year) as (select 2008 union all select year + 1 from years where year < 2100),
        agency as (select agency_id, max(body_type) as body_type, min(year) as first,
                          max(max(year), cast(strftime('%Y', 'now', '-121 days') as integer) - 1) as last
                     from report where agency_id is not null and year is not null group by agency_id),
        expected as (select agency_id, year, case
                       when year < 2019 or body_type in ('government', 'township_government', 'dispatched_government')
                       then (year + 1) || '-03-31' else (year + 1) || '-01-31' end as due_on
                     from agency join years on year between first and last),
        seen as (select agency_id, year, min(nullif(published_on, '')) as published_on,
                        min(v.first_captured_at) as first_seen_at
                   from report join report_version v using (report_id) group by agency_id, year),
        looked as (select r.agency_id, w.walked_at, w.outcome from report r join capture c using (digest)
                     join walk w on w.portal = c.portal and w.url = c.column_url group by 1, 2, 3)
        select e.agency_id, e.year, e.due_on,
               case when s.first_seen_at is not null and coalesce(s.published_on, '') = '' then 'undated'
                    when s.first_seen_at is not null and s.published_on <= e.due_on then 'on_time'
                    when s.first_seen_at is not null then 'late'
                    when date('now') <= e.due_on then 'not_yet_due'
                    when (select count(distinct date(walked_at)) from looked l where l.agency_id = e.agency_id
                           and l.outcome in ('complete', 'empty') and date(walked_at) > e.due_on) >= 3 then 'absent'
                    when exists (select 1 from looked l where l.agency_id = e.agency_id and l.outcome = 'refused'
                           and date(walked_at) > e.due_on) then 'blocked'
                    else 'not_looked' end as state,
               s.first_seen_at,
               (select max(walked_at) from looked l where l.agency_id = e.agency_id) as last_looked_at
          from expected e left join seen s using (agency_id, year)""",
}
