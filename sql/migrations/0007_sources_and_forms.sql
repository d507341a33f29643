-- Any source of lists, by its precedence, and any form of the article; comments that had become wrong.

-- DuckDB cannot drop a CHECK, so both tables are written anew.
CREATE TABLE sightings_anew (
    sighting_id VARCHAR PRIMARY KEY,
    week        VARCHAR NOT NULL,
    source      VARCHAR NOT NULL,
    precedence  INTEGER NOT NULL,
    heading     VARCHAR NOT NULL,
    starts_on   DATE NOT NULL,
    ends_on     DATE NOT NULL,
    reference   VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL
);
INSERT INTO sightings_anew BY NAME
SELECT *, CASE source WHEN 'file' THEN 1 WHEN 'x' THEN 2 ELSE 3 END AS precedence FROM sightings;
DROP TABLE sightings;
ALTER TABLE sightings_anew RENAME TO sightings;
COMMENT ON TABLE sightings IS 'A week as one source showed it; the same list seen again adds no row.';
COMMENT ON COLUMN sightings.sighting_id IS 'b2: and the hash of week, source, heading and entries';
COMMENT ON COLUMN sightings.week IS 'The week, as in weeks';
COMMENT ON COLUMN sightings.source IS 'x, twin, or file for a list given by hand';
COMMENT ON COLUMN sightings.precedence IS 'The sighting of a week with the lowest precedence is the current one';
COMMENT ON COLUMN sightings.heading IS 'The line that announced the list';
COMMENT ON COLUMN sightings.starts_on IS 'First day of the week as announced';
COMMENT ON COLUMN sightings.ends_on IS 'Last day of the week as announced';
COMMENT ON COLUMN sightings.reference IS 'Id of the root post, or the address or name of the file';
COMMENT ON COLUMN sightings.observed_at IS 'When this list was first seen (UTC)';
COMMENT ON COLUMN sightings.run_id IS 'The run that first saw it';

CREATE TABLE issues_anew (
    issue_id    VARCHAR PRIMARY KEY,
    week        VARCHAR NOT NULL,
    language    VARCHAR NOT NULL,
    revision    INTEGER NOT NULL,
    format      VARCHAR NOT NULL,
    rendered_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    UNIQUE (week, language, format, revision)
);
INSERT INTO issues_anew BY NAME SELECT * FROM issues;
DROP TABLE issues;
ALTER TABLE issues_anew RENAME TO issues;
COMMENT ON TABLE issues IS 'Every rendered revision of a week''s article.';
COMMENT ON COLUMN issues.issue_id IS 'sha256: and the hash of week, language, format and text';
COMMENT ON COLUMN issues.week IS 'The week';
COMMENT ON COLUMN issues.language IS 'Code of the language, such as ja or en';
COMMENT ON COLUMN issues.revision IS 'From 1; a new one only when the text changed';
COMMENT ON COLUMN issues.format IS 'Form of the article, such as md or html';
COMMENT ON COLUMN issues.rendered_at IS 'When it was first rendered like this (UTC)';
COMMENT ON COLUMN issues.run_id IS 'The run that rendered it; empty when by hand';

COMMENT ON COLUMN entries.entry_id IS 'b2: and the hash of its sighting and its position there';
COMMENT ON TABLE runs IS 'One execution of a flow or of a command that pays or saves. A run without an end was killed.';
COMMENT ON COLUMN runs.run_id IS 'The Prefect flow run id, with /week for a part of a flow, or the command''s name and a random id';
COMMENT ON COLUMN runs.flow IS 'Name of the flow or the command';
COMMENT ON COLUMN runs.week IS 'The week it was about, 2024-W14; empty for none in particular';
COMMENT ON COLUMN runs.source IS 'The source that was asked for: auto, x, twin or a file''s path; else the name of the flow or the command';
