-- What later verification made of answers that were verified before.

CREATE TABLE audits (
    question_id VARCHAR NOT NULL,
    status      VARCHAR NOT NULL CHECK (status IN ('verified', 'unverified', 'not in paper')),
    reason      VARCHAR NOT NULL,
    version     VARCHAR NOT NULL,
    audited_at  TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (question_id, audited_at)
);
COMMENT ON TABLE audits IS 'Verification run again over a stored answer, where it came out otherwise than before; the newest counts.';
COMMENT ON COLUMN audits.question_id IS 'The question';
COMMENT ON COLUMN audits.status IS 'What it is now: verified, unverified or not in paper';
COMMENT ON COLUMN audits.reason IS 'Why it is not verified, for the reader; empty when it is';
COMMENT ON COLUMN audits.version IS 'Version of rindoku whose checks these are';
COMMENT ON COLUMN audits.audited_at IS 'When (UTC)';
COMMENT ON COLUMN audits.run_id IS 'The audit';

ALTER TABLE summaries ADD COLUMN tldr_reason VARCHAR;
COMMENT ON COLUMN summaries.tldr_reason IS 'Why the TL;DR is not verified and therefore not published; NULL when it is';
ALTER TABLE summaries ADD COLUMN summary_reason VARCHAR;
COMMENT ON COLUMN summaries.summary_reason IS 'Why the summary is not verified and therefore not published; NULL when it is';

CREATE TABLE text_figures (
    generation_id VARCHAR NOT NULL,
    part          VARCHAR NOT NULL CHECK (part IN ('tldr', 'summary')),
    number        VARCHAR NOT NULL,
    start_char    INTEGER,
    end_char      INTEGER,
    section       VARCHAR,
    page          INTEGER,
    PRIMARY KEY (generation_id, part, number)
);
COMMENT ON TABLE text_figures IS 'The numbers of TL;DRs and summaries, and the sentence of the document that has each.';
COMMENT ON COLUMN text_figures.generation_id IS 'The explanation';
COMMENT ON COLUMN text_figures.part IS 'tldr or summary';
COMMENT ON COLUMN text_figures.number IS 'The value, in full: 1250000000000, 12.29%';
COMMENT ON COLUMN text_figures.start_char IS 'First character of the sentence in the document, from 0; NULL when the document has no such number';
COMMENT ON COLUMN text_figures.end_char IS 'One past its last character';
COMMENT ON COLUMN text_figures.section IS 'Heading of the section it stands in';
COMMENT ON COLUMN text_figures.page IS 'Page of a PDF, from 1';
