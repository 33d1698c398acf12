"""The register's tables, in both stores. Nothing here is guarded: what is in them can be derived again.

Whatever changes a table, or what is derived, changes it here, and the last step of both stores' `VERSIONS` makes the
tables anew: an earlier one has nothing to do any more.
"""

from __future__ import annotations

# The indexes of duties, and the one of lights, hold every column that a question may name. Measured: of 174,000 duties
# a filter that finds a quarter takes 52 ms from the rows and 15 ms from an index; which of 10,000 projects have a
# directive, 17 ms and 0.7 ms.
_DROP = "".join(
    f"DROP TABLE IF EXISTS {table};"
    for table in (
        *("register_head", "register_project", "register_duty", "register_matter", "register_deputy"),
        *("register_view", "register_words", "outlook_head", "outlook_project", "outlook_paper", "outlook_tally"),
    )
)
# In a file a long text is packed (`packing.py`), and a table that is `keyed` is one tree of its keys.
_TABLES = """
CREATE TABLE register_head(
  one {number} PRIMARY KEY CHECK (one = 1),
  taken {number} NOT NULL,
  changes {number} NOT NULL
){strict};
INSERT INTO register_head VALUES (1, 0, 0);
CREATE TABLE register_project(
  project_id {text} PRIMARY KEY,
  year {number} NOT NULL,
  title {text} NOT NULL,
  lead_department {text} NOT NULL,
  category {text},
  source {text},
  responsible_leader {text},
  light {number} NOT NULL,
  explanation {text} NOT NULL,
  stage {text} NOT NULL,
  next_due_on {text} NOT NULL,
  milestones {number} NOT NULL,
  settled {number} NOT NULL,
  overdue {number} NOT NULL,
  unsigned {number} NOT NULL,
  undecided {number} NOT NULL,
  directives {number} NOT NULL,
  unsettled {number} NOT NULL,
  to_strike_off {number} NOT NULL,
  struck_off {number} NOT NULL,
  matters {number} NOT NULL,
  extensions {number} NOT NULL,
  inspections {number} NOT NULL,
  events {number} NOT NULL,
  as_of {text} NOT NULL,
  changes_at {text}
){strict};
CREATE INDEX register_project_events ON register_project(project_id, events);
CREATE INDEX register_project_facets
  ON register_project(year, lead_department, category, source, responsible_leader, light, stage, project_id);
CREATE INDEX register_project_light ON register_project(
  light, next_due_on, project_id, stage, overdue, undecided, directives, year, lead_department, category, source,
  responsible_leader);
CREATE INDEX register_project_year_end ON register_project(
  year, stage, unsettled, to_strike_off, struck_off, matters, extensions, inspections, project_id);
CREATE INDEX register_project_overdue
  ON register_project(light, (-overdue), next_due_on, project_id, stage, overdue);
CREATE INDEX register_project_changes ON register_project(changes_at) WHERE changes_at IS NOT NULL;
CREATE TABLE register_duty(
  project_id {text} NOT NULL,
  place {number} NOT NULL,
  milestone_id {text} NOT NULL,
  department {text} NOT NULL,
  role {text} NOT NULL,
  description {text} NOT NULL,
  stage {text} NOT NULL,
  light {number} NOT NULL,
  explanation {text} NOT NULL,
  answer_by {text} NOT NULL,
  approved_due_on {text} NOT NULL,
  done_on {text} NOT NULL,
  open {number} NOT NULL,
  signed {number} NOT NULL,
  stopped {number} NOT NULL,
  early {number} NOT NULL,
  breaches {number} NOT NULL,
  reports {number} NOT NULL,
  done_by {text},
  PRIMARY KEY (project_id, place)
){keyed};
CREATE INDEX register_duty_due
  ON register_duty(answer_by, project_id, place, open, role, signed, light, stage, department);
CREATE INDEX register_duty_light
  ON register_duty(light, answer_by, project_id, place, open, role, signed, stage, department);
CREATE INDEX register_duty_stage
  ON register_duty(stage, answer_by, project_id, place, open, role, signed, light, department);
CREATE INDEX register_duty_department
  ON register_duty(department, answer_by, project_id, place, open, role, signed, light, stage);
CREATE TABLE register_matter(
  project_id {text} NOT NULL,
  place {number} NOT NULL,
  milestone_id {text},
  title {text} NOT NULL,
  description {text} NOT NULL,
  kind {text} NOT NULL,
  owner {text} NOT NULL,
  about {text},
  due_on {text} NOT NULL,
  working_days_late {number} NOT NULL,
  of_the_section {number} NOT NULL,
  PRIMARY KEY (project_id, place)
){keyed};
CREATE INDEX register_matter_late ON register_matter(due_on, project_id, place) WHERE working_days_late>0;
CREATE INDEX register_matter_section ON register_matter(of_the_section, due_on, project_id, place);
CREATE INDEX register_matter_owner ON register_matter(owner, due_on, project_id, place);
CREATE TABLE register_deputy(
  project_id {text} NOT NULL,
  place {number} NOT NULL,
  principal {text} NOT NULL,
  deputy {text} NOT NULL,
  from_on {text} NOT NULL,
  until_on {text} NOT NULL,
  principal_person {text},
  deputy_person {text},
  PRIMARY KEY (project_id, place)
){keyed};
CREATE INDEX register_deputy_principal ON register_deputy(principal, deputy, from_on, until_on);
CREATE TABLE register_view(project_id {text} PRIMARY KEY, view {long} NOT NULL){strict};
CREATE TABLE register_words(project_id {text} PRIMARY KEY, words {text} NOT NULL){strict};
CREATE TABLE outlook_head(one {number} PRIMARY KEY CHECK (one = 1), tallied {number} NOT NULL){strict};
INSERT INTO outlook_head VALUES (1, 0);
CREATE TABLE outlook_project(
  project_id {text} PRIMARY KEY,
  events {number} NOT NULL,
  since {text} NOT NULL,
  until {text} NOT NULL,
  holds_until {text} NOT NULL,
  wakes_at {text},
  lines {long} NOT NULL
){strict};
CREATE INDEX outlook_project_standing ON outlook_project(project_id, events, holds_until);
CREATE INDEX outlook_project_waking ON outlook_project(wakes_at, project_id, events) WHERE wakes_at IS NOT NULL;
CREATE TABLE outlook_paper(
  on_day {text} NOT NULL,
  addressee {text} NOT NULL,
  project_id {text} NOT NULL,
  place {number} NOT NULL,
  kind {number} NOT NULL,
  milestone_id {text},
  copy_of {number} NOT NULL,
  PRIMARY KEY (on_day, addressee, project_id, place)
){keyed};
CREATE TABLE outlook_tally(
  kind {text} NOT NULL,
  addressee {text} NOT NULL,
  month {text} NOT NULL,
  counted {number} NOT NULL,
  PRIMARY KEY (kind, addressee, month)
){keyed};
"""

SQLITE = _DROP + _TABLES.format(
    text="TEXT", number="INTEGER", long="BLOB", strict=" STRICT", keyed=" STRICT, WITHOUT ROWID"
)
POSTGRES = (
    _DROP
    # Text in the order of its bytes, as the other store has it.
    + _TABLES.format(text='TEXT COLLATE "C"', number="BIGINT", long="TEXT", strict="", keyed="")
    + """
CREATE OR REPLACE FUNCTION instr(whole TEXT, part TEXT) RETURNS INT LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS 'SELECT pg_catalog.strpos(whole, part)';
GRANT SELECT, INSERT, UPDATE, DELETE
  ON register_project, register_duty, register_matter, register_deputy, register_view, register_words,
  outlook_project, outlook_paper, outlook_tally TO duban_writer;
GRANT SELECT, UPDATE ON register_head, outlook_head TO duban_writer;
"""
)
