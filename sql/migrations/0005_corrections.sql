-- What people corrected. A correction stands beside the answer, never in its place.

CREATE TABLE corrections (
    correction_id VARCHAR PRIMARY KEY,
    question_id   VARCHAR NOT NULL,
    paper_id      VARCHAR NOT NULL,
    question      VARCHAR NOT NULL,
    answer        VARCHAR NOT NULL,
    author        VARCHAR NOT NULL,
    reason        VARCHAR NOT NULL,
    corrected_at  TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE corrections IS 'Answers corrected by hand; the newest for a question is published as 訂正, whatever is generated later.';
COMMENT ON COLUMN corrections.correction_id IS 'b2: and the hash of question, answer, author and reason';
COMMENT ON COLUMN corrections.question_id IS 'The question that was corrected, as in questions';
COMMENT ON COLUMN corrections.paper_id IS 'The paper it is on: a correction outlives the generation it corrects';
COMMENT ON COLUMN corrections.question IS 'The question as it was then';
COMMENT ON COLUMN corrections.answer IS 'The corrected answer';
COMMENT ON COLUMN corrections.author IS 'Who corrected it';
COMMENT ON COLUMN corrections.reason IS 'Why';
COMMENT ON COLUMN corrections.corrected_at IS 'When (UTC)';
