"""The catalogue's schema, one function per step; `apply(db)` brings any older archive up to date.

Tables are singular and may change; the plural views at the end are the stable face for everybody else.
Every key is a hash or a stable id, never a row number, so that archives made on several machines merge.
"""

from __future__ import annotations

from archive import seals as _seals
from archive.database import Database, Migrations
from archive.views import LIE, VIEWS

catalogue = Migrations("archive")
blobs = Migrations("blobs")


def _create_views(db: Database) -> None:
    for name, sql in VIEWS.items():
        db.create_view(name, sql, replace=True)


def _each(db: Database, statements: str) -> None:
    """Run statements inside the step's own transaction; `executescript` would commit it half done."""
    for statement in statements.split(";"):
        if statement.strip():
            db.execute(statement)


@catalogue()
def tables(db: Database) -> None:
    """What was seen (run, capture, document, link, frontier) and what was understood (reading and below, report)."""
    _each(db, """
    create table run(
      run_id text primary key, started_at text not null, finished_at text, command text not null,
      targets text not null default '[]', state text not null default 'open',
      summary text not null default '{}') strict;
    create table portal(
      portal text primary key, name text not null, home text not null, division_code text not null default '',
      platform text not null default '', declaration text not null default '{}') strict;
    create table frontier(                        -- the queue of an open run, emptied when it is done
      seq integer primary key, run_id text not null references run, uid text not null, host text not null,
      state text not null, target text not null, unique(run_id, uid)) strict;
    create index frontier_todo on frontier(run_id, host, seq) where state = 'todo';
    create table document(
      digest text primary key, size integer not null, media_type text not null,
      first_captured_at text not null) strict, without rowid;
    create table capture(
      capture_id text primary key, run_id text not null references run, uid text not null, portal text not null,
      column_url text not null, role text not null, url text not null, final_url text not null,
      captured_at text not null, status integer not null, outcome text not null, digest text references document,
      referrer text not null, link_text text not null, published_on text not null, agency text not null,
      division_code text not null, headers text not null, error text not null,
      progress text not null default '') strict, without rowid;
    create index capture_uid on capture(uid, captured_at);
    create index capture_digest on capture(digest);
    create index capture_url on capture(url, captured_at);
    create table link(                            -- what a page with these bytes pointed to, reused at 304
      page_uid text not null, digest text not null references document, position integer not null, uid text not null,
      host text not null, target text not null, primary key(page_uid, digest, uid)) strict, without rowid;
    create table walk(                            -- the ledger: one line per column and run
      run_id text not null references run, portal text not null, url text not null, platform text not null,
      outcome text not null, refusal text not null, declared integer, declared_pages integer, walked integer not null,
      rows integer not null, accepted integer not null, rejected integer not null, reasons text not null default '{}',
      end_proof text not null, walked_at text not null, primary key(run_id, portal, url)) strict, without rowid;

    create table reading(                         -- what one parser version made of one document
      reading_id text primary key, digest text not null references document, parser_version text not null,
      hints text not null, read_at text not null, outcome text not null, kind text not null, reader text not null,
      title text not null, text text not null, text_digest text not null, published_on text not null,
      formats text not null) strict;
    create index reading_digest on reading(digest, parser_version);
    create index reading_text on reading(text_digest);
    create table tag(
      reading_id text not null references reading, name text not null, value any, confidence real not null,
      evidence text not null, primary key(reading_id, name)) strict, without rowid;
    create table cell(
      reading_id text not null references reading, table_id text not null, row_id text not null,
      column_id text not null, raw text not null, value any, status text not null, unit text,
      unit_source text not null, value_yuan any, locator text not null,
      primary key(reading_id, table_id, row_id, column_id)) strict, without rowid;
    create table section(
      reading_id text not null references reading, position integer not null, section_id text not null,
      title text not null, text text not null, locator text not null,
      primary key(reading_id, position)) strict, without rowid;
    create table verdict(
      reading_id text not null references reading, position integer not null, rule text not null,
      verdict text not null, severity text not null, left_value any, right_value any, message text not null,
      locator text not null, primary key(reading_id, position)) strict, without rowid;
    create table issue(                           -- something a person must look at, the id is a fingerprint
      issue_id text primary key, reading_id text references reading, digest text, url text not null default '',
      kind text not null, message text not null, locator text not null) strict, without rowid;
    create index issue_reading on issue(reading_id);
    create table settlement(                      -- a person's word on a failed check or an issue, survives re-parsing
      subject text primary key, reason text not null, settled_at text not null) strict, without rowid;
    create table report(                          -- derived: the chosen version of agency × year × scope
      report_id text primary key, reading_id text not null references reading, digest text not null, url text not null,
      agency text, agency_id text, function text, level text, division_code text, body_type text, scope text,
      year integer, format_version text, title text not null, published_on text not null,
      checks_failed integer not null, why text not null) strict, without rowid;
    create index report_agency on report(agency_id, year);
    create table report_version(                  -- derived: every document of a report
      report_id text not null, reading_id text not null references reading, digest text not null, url text not null,
      first_captured_at text not null, chosen integer not null, why text not null,
      primary key(report_id, digest)) strict, without rowid;
    """)


@blobs()
def objects(db: Database) -> None:
    """The bytes: `codec` is zstd or raw, `size` the length before coding."""
    _each(db, """
    create table blob(digest text primary key, codec text not null, size integer not null, data blob not null) strict;
    """)


@catalogue()
def tag_by_value(db: Database) -> None:
    """Find the readings of one agency without reading every tag."""
    db.execute("create index tag_value on tag(name, value)")


@catalogue()
def fields(db: Database) -> None:
    """The statutory form inside the archive, so that a copy of the file explains itself."""
    db.execute("""
    create table field(
      table_id text not null, row_id text not null, column_id text not null, position integer not null,
      row_label text not null, column_label text not null, unit text not null,
      primary key(table_id, row_id, column_id)) strict, without rowid""")


@catalogue()
def views(db: Database) -> None:
    """The stable face of the catalogue (docs/DATA.md); the tables beneath may change."""
    _create_views(db)


@catalogue()
def across(db: Database) -> None:
    """What several reports say together. Derived: `crawler.across.review` replaces all of it."""
    _each(db, """
    create table finding(                         -- a rule that needs more than one report
      report_id text not null, position integer not null, rule text not null, verdict text not null,
      severity text not null, left_value any, right_value any, message text not null, locator text not null,
      primary key(report_id, position)) strict, without rowid;
    create table measure(                         -- rates of one report as parsers.measures gives them
      report_id text not null, name text not null, value real, primary key(report_id, name)) strict, without rowid;
    create table succession(                      -- one step of a body's life, as parsers.lineage gives it
      agency_id text not null, name text not null, year integer not null, relation text not null,
      later_id text not null, later_name text not null, evidence text not null,
      primary key(agency_id, name, year, relation, later_id, later_name)) strict, without rowid;
    """)
    _create_views(db)


@catalogue()
def trust(db: Database) -> None:
    """Hosts that lied are found among all captures without reading them."""
    db.execute(f"create index capture_lie on capture(captured_at, url) where error = '{LIE}'")
    _create_views(db)


@catalogue()
def versions(db: Database) -> None:
    """What a report said at each address and when, as a view."""
    _create_views(db)


@catalogue()
def reviewed(db: Database) -> None:
    """What the last review across reports looked at, so that the next one looks only at what changed. Derived."""
    _each(db, """
    create table reviewed(
      report_id text primary key, body text not null, peers text not null, state text not null,
      sketch text not null default '') strict, without rowid;
    create index finding_locator on finding(locator) where rule like 'D02%'
    """)


@catalogue()
def portals_view(db: Database) -> None:
    """What is known of each portal."""
    _create_views(db)


@catalogue()
def expected(db: Database) -> None:
    """Whose reports are expected, and when; derived from declarations and the gazetteer (crawler.bodies)."""
    _each(db, """
    create table body(                            -- column_url: where it is looked for, * the whole portal, empty nowhere yet
      agency_id text not null, portal text not null, column_url text not null, agency text not null,
      body_type text not null, division_code text not null, source text not null, first_year integer,
      primary key(agency_id, portal, column_url)) strict, without rowid;
    create table deadline(                        -- parsers.timeliness as a table
      body_type text not null, year integer not null, due_on text not null, primary key(body_type, year)) strict, without rowid;
    create index walk_column on walk(portal, url, walked_at);
    """)
    _create_views(db)


@catalogue()
def alarms(db: Database) -> None:
    """Which alarm was posted where, so that each is posted once; the pages of a column in a run, found without a scan."""
    _each(db, """
    create table delivered(
      webhook text not null, fingerprint text not null, delivered_at text not null,
      primary key(webhook, fingerprint)) strict, without rowid;
    create index capture_page on capture(portal, column_url, run_id)
     where (role in ('column', 'list', 'home') or progress <> '')
    """)


@catalogue()
def seals(db: Database) -> None:
    """A checksum on every row and on the schema, so that `nianbao verify` finds damage inside a cell."""
    _seals.install(db.conn)


@blobs()
def sealed_schema(db: Database) -> None:
    """A checksum on the schema; the bytes have their digest."""
    _seals.install(db.conn)


@catalogue()
def capture_in_order(db: Database) -> None:
    """Captures in the order in which they came, not by key: a quarter less growth for every look (measured).

    An address after redirects is kept only where there were any.
    """
    for name in VIEWS:
        db.execute(f"drop view if exists {name}")
    _each(db, """
    create table capture_anew(
      capture_id text primary key, run_id text not null references run, uid text not null, portal text not null,
      column_url text not null, role text not null, url text not null, final_url text not null,
      captured_at text not null, status integer not null, outcome text not null, digest text references document,
      referrer text not null, link_text text not null, published_on text not null, agency text not null,
      division_code text not null, headers text not null, error text not null,
      progress text not null default '', seal integer) strict;
    insert into capture_anew select * from capture order by captured_at, capture_id;
    drop table capture;
    alter table capture_anew rename to capture
    """)
    db.execute(f"create index capture_lie on capture(captured_at, url) where error = '{LIE}'")
    _each(db, """
    create index capture_uid on capture(uid, captured_at);
    create index capture_digest on capture(digest);
    create index capture_url on capture(url, captured_at);
    create index capture_page on capture(portal, column_url, run_id)
     where (role in ('column', 'list', 'home') or progress <> '')
    """)
    _create_views(db)
    _seals.install(db.conn)
