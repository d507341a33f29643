-- Watching X: what was read and paid for, links completed from another source, posts to forget.

CREATE TABLE x_reads (
    payload_id VARCHAR PRIMARY KEY,
    endpoint   VARCHAR NOT NULL,
    posts      INTEGER NOT NULL,
    users      INTEGER NOT NULL,
    cost_usd   DOUBLE NOT NULL,
    read_at    TIMESTAMPTZ NOT NULL,
    run_id     VARCHAR NOT NULL
);
COMMENT ON TABLE x_reads IS 'Every answer X was paid for; failed requests are free.';
COMMENT ON COLUMN x_reads.payload_id IS 'The answer in raw.payloads';
COMMENT ON COLUMN x_reads.endpoint IS 'Path that was asked, ids left out';
COMMENT ON COLUMN x_reads.posts IS 'Posts returned';
COMMENT ON COLUMN x_reads.users IS 'Users returned';
COMMENT ON COLUMN x_reads.cost_usd IS 'US dollars by the price file';
COMMENT ON COLUMN x_reads.read_at IS 'When (UTC)';
COMMENT ON COLUMN x_reads.run_id IS 'The run that paid';

CREATE TABLE high_water_marks (
    watch    VARCHAR NOT NULL,
    week     VARCHAR NOT NULL,
    post_id  VARCHAR NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (watch, week)
);
COMMENT ON TABLE high_water_marks IS 'How far a week was read on X without a gap; the next look asks for newer posts only.';
COMMENT ON COLUMN high_water_marks.watch IS 'What is watched, as in RINDOKU_WATCH';
COMMENT ON COLUMN high_water_marks.week IS 'The week';
COMMENT ON COLUMN high_water_marks.post_id IS 'The newest post, once all pages down to the oldest were read';
COMMENT ON COLUMN high_water_marks.noted_at IS 'When (UTC)';

ALTER TABLE links ADD COLUMN completed_from VARCHAR;
COMMENT ON COLUMN links.completed_from IS 'The source this link was taken from when the sighting itself had none; else NULL';

ALTER TABLE posts ADD COLUMN forgotten_at TIMESTAMPTZ;
COMMENT ON COLUMN posts.forgotten_at IS 'When its text and payload were removed, because it was deleted on X; else NULL';
