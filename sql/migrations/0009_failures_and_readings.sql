-- Why runs failed for single entries and papers, and how well each paper could be read.

CREATE TABLE run_failures (
    run_id    VARCHAR NOT NULL,
    position  INTEGER NOT NULL,
    step      VARCHAR NOT NULL,
    subject   VARCHAR NOT NULL,
    error     VARCHAR NOT NULL,
    message   VARCHAR NOT NULL,
    remedy    VARCHAR NOT NULL,
    traceback VARCHAR,
    failed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (run_id, position)
);
COMMENT ON TABLE run_failures IS 'What failed in a run: for one entry or paper each, or for the week.';
COMMENT ON COLUMN run_failures.run_id IS 'The run, as in runs';
COMMENT ON COLUMN run_failures.position IS 'From 1, in the order of the run';
COMMENT ON COLUMN run_failures.step IS 'Name of the task that failed';
COMMENT ON COLUMN run_failures.subject IS 'Id of the entry, paper, document or generation; the week when it concerns all';
COMMENT ON COLUMN run_failures.error IS 'Name of the error';
COMMENT ON COLUMN run_failures.message IS 'What went wrong';
COMMENT ON COLUMN run_failures.remedy IS 'What to do about it; empty when a later run may succeed by itself';
COMMENT ON COLUMN run_failures.traceback IS 'Of an error that nobody foresaw, for a report of the bug; else NULL';
COMMENT ON COLUMN run_failures.failed_at IS 'When the run ended (UTC)';

CREATE TABLE readings (
    paper_id    VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    document_id VARCHAR NOT NULL,
    may_improve BOOLEAN NOT NULL,
    note        VARCHAR NOT NULL,
    read_at     TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (paper_id, version, read_at)
);
COMMENT ON TABLE readings IS 'Each time a paper was read, also when its text was the same as before.';
COMMENT ON COLUMN readings.paper_id IS 'The paper';
COMMENT ON COLUMN readings.version IS 'Its version';
COMMENT ON COLUMN readings.document_id IS 'The text that was read';
COMMENT ON COLUMN readings.may_improve IS 'Whether a better text failed for a reason that may pass, so that later runs read again';
COMMENT ON COLUMN readings.note IS 'Why no better text was read; empty when it is the best';
COMMENT ON COLUMN readings.read_at IS 'When (UTC)';
COMMENT ON COLUMN readings.run_id IS 'The run that read it';
