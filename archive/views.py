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
        select capture_id, run_id, url, captured_at, status, outcome, digest, referrer, link_text,
               iif(digest is null or final_url <> '', final_url, url) as final_url, role, portal, column_url,
               published_on, error from capture""",
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
    # One line per body and year, from its first report or declared year to the year just over; days are China's. A hole is
    # "absent" only after good looks on three different days past the due date; with fewer it is "overdue", and with a
    # document in the body's column that names the year and could not be understood, "unparsed".
    "coverage": """
        with recursive years(year) as (select 2008 union all select year + 1 from years where year < 2100),
        today(day) as (select date('now', '+8 hours')),
        body_of as (
          select agency_id, max(agency) as agency, max(nullif(body_type, 'unknown')) as body_type,
                 min(first_year) as first, min(source) as source
            from (select agency_id, agency, body_type, year as first_year, 'report' as source from report
                   where agency_id is not null and year is not null
                  union all select agency_id, agency, body_type, first_year, source from body) group by agency_id),
        expected as (
          select agency_id, agency, body_type, source, year, due_on from body_of, today
            join years on year between coalesce(first, substr(day, 1, 4) - 1) and substr(day, 1, 4) - 1
            join deadline using (body_type, year)),
        seen as (
          select agency_id, year, min(iif(v.published > year || '-12-31', v.published, null)) as published_on,
                 min(v.first_captured_at) as first_seen_at
            from report join (select report_id, first_captured_at, nullif(g.published_on, '') as published
                                from report_version join reading g using (reading_id)) v using (report_id)
           where agency_id is not null and year is not null group by agency_id, year),
        place as (
          select distinct agency_id, portal, column_url from body where column_url <> ''
           union
          select r.agency_id, c.portal, c.column_url from report r join report_version v using (report_id)
            join capture c on c.digest = v.digest where r.agency_id is not null and c.column_url <> ''),
        looked as (
          select p.agency_id, date(w.walked_at, '+8 hours') as day, max(w.walked_at) as walked_at,
                 max(w.outcome in ('complete', 'empty')) as good, max(w.outcome = 'refused') as refused
            from place p join walk w on w.portal = p.portal and w.url = p.column_url group by 1, 2
           union all
          select p.agency_id, date(max(w.walked_at), '+8 hours'), max(w.walked_at), min(w.outcome in ('complete', 'empty')),
                 min(w.outcome = 'refused')
            from place p join walk w on w.portal = p.portal where p.column_url = '*' group by p.agency_id, w.run_id),
        missing as (select e.* from expected e left join seen s using (agency_id, year) where s.agency_id is null),
        due as (
          select m.agency_id, m.year, count(distinct iif(good, day, null)) as looks, max(iif(refused, day, '')) as refused_on,
                 max(iif(good, day, '')) as looked_on
            from missing m join looked l on l.agency_id = m.agency_id and l.day > m.due_on group by 1, 2),
        unread as (
          select distinct c.portal, c.column_url, c.link_text, c.agency from capture c left join reading g using (digest)
           where c.role in ('article', 'attachment') and c.digest is not null and c.column_url <> ''
             and (g.outcome = 'unreadable' or g.digest is null
                  or exists (select 1 from report r where r.digest = c.digest and r.report_id like '?%'))),
        puzzle as (
          select distinct m.agency_id, m.year from missing m join place p using (agency_id)
            join unread u on u.portal = p.portal and (u.column_url = p.column_url or p.column_url = '*')
             and instr(u.link_text, m.year) and (instr(u.link_text, m.agency) or u.agency = m.agency
              or (select count(distinct q.agency_id) from place q
                   where q.portal = p.portal and q.column_url = p.column_url) = 1))
        select e.agency_id, e.year, e.due_on,
               case when s.first_seen_at is not null then
                      case when s.published_on <= e.due_on or date(s.first_seen_at, '+8 hours') <= e.due_on then 'on_time'
                           when s.published_on is not null then 'late' else 'undated' end
                    when (select day from today) <= e.due_on then 'not_yet_due'
                    when x.agency_id is not null then 'unparsed'
                    when d.looks >= 3 then 'absent'
                    when d.refused_on > d.looked_on then 'blocked'
                    when d.looks > 0 then 'overdue'
                    else 'not_looked' end as state,
               s.first_seen_at,
               (select max(walked_at) from looked l where l.agency_id = e.agency_id) as last_looked_at,
               e.agency as body, coalesce(d.looks, 0) as looks, s.published_on as first_published_on, e.source
          from expected e left join seen s using (agency_id, year) left join due d using (agency_id, year)
          left join puzzle x using (agency_id, year)""",
}
