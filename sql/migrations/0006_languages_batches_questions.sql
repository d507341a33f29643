-- Further kinds of generations (a reader's question, a second reader), batches, and audits of TL;DRs and summaries.

-- DuckDB can't change a CHECK: the table is written anew.
CREATE TABLE generations_anew (
    generation_id  VARCHAR PRIMARY KEY,
    kind           VARCHAR NOT NULL CHECK (kind IN ('explain', 'repair', 'extract', 'ask', 'review')),
    language       VARCHAR NOT NULL,
    model          VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    prompt_hash    VARCHAR NOT NULL,
    paper_id       VARCHAR NOT NULL,
    document_id    VARCHAR NOT NULL,
    repairs        VARCHAR,
    label          VARCHAR NOT NULL CHECK (label IN ('model', 'extract', 'sample')),
    status         VARCHAR NOT NULL CHECK (status IN ('good', 'refused', 'truncated', 'unreadable')),
    reason         VARCHAR NOT NULL,
    payload_id     VARCHAR,
    generated_at   TIMESTAMPTZ NOT NULL,
    run_id         VARCHAR NOT NULL
);
INSERT INTO generations_anew BY NAME SELECT * FROM generations;
DROP TABLE generations;
ALTER TABLE generations_anew RENAME TO generations;
COMMENT ON TABLE generations IS 'One answer of a model (or of the extractive explainer), addressed by what was asked.';
COMMENT ON COLUMN generations.generation_id IS 'b2: and the hash of kind, language, model, parameters, prompt text and document';
COMMENT ON COLUMN generations.kind IS 'explain, repair, ask (a reader''s question), review (a second reader''s judgement), or extract when no model was asked';
COMMENT ON COLUMN generations.language IS 'Language of the text: ja or en';
COMMENT ON COLUMN generations.model IS 'Model that was asked; extractive when none was';
COMMENT ON COLUMN generations.prompt_version IS 'Version line of the prompt file';
COMMENT ON COLUMN generations.prompt_hash IS 'Hash of the prompt text as sent, without the document';
COMMENT ON COLUMN generations.paper_id IS 'The paper';
COMMENT ON COLUMN generations.document_id IS 'The document it was shown';
COMMENT ON COLUMN generations.repairs IS 'The generation it repairs or reviews';
COMMENT ON COLUMN generations.label IS 'model, extract, or sample for replies of the stand-in';
COMMENT ON COLUMN generations.status IS 'good, refused, truncated or unreadable; only good ones are published from';
COMMENT ON COLUMN generations.reason IS 'Why it is not good; empty when it is';
COMMENT ON COLUMN generations.payload_id IS 'The raw reply in raw.payloads';
COMMENT ON COLUMN generations.generated_at IS 'When the reply was saved (UTC)';
COMMENT ON COLUMN generations.run_id IS 'The run that asked';

CREATE TABLE batches (
    batch_key    VARCHAR PRIMARY KEY,
    batch_id     VARCHAR,
    requests     INTEGER NOT NULL,
    reserved_at  TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    ended_at     TIMESTAMPTZ,
    run_id       VARCHAR NOT NULL
);
COMMENT ON TABLE batches IS 'Message batches: many calls at half the price, answered within a day. One without an end is still awaited.';
COMMENT ON COLUMN batches.batch_key IS 'b2: and the hash of its calls';
COMMENT ON COLUMN batches.batch_id IS 'The service''s id; NULL until the service has confirmed it';
COMMENT ON COLUMN batches.requests IS 'Calls in it';
COMMENT ON COLUMN batches.reserved_at IS 'When it was written down, before it was submitted (UTC)';
COMMENT ON COLUMN batches.submitted_at IS 'When the service confirmed it (UTC)';
COMMENT ON COLUMN batches.ended_at IS 'When its results were saved (UTC)';
COMMENT ON COLUMN batches.run_id IS 'The run that submitted it';

ALTER TABLE model_calls ADD COLUMN batch_key VARCHAR;
COMMENT ON COLUMN model_calls.batch_key IS 'The batch it was made in, at half the price; NULL for a call of its own';
ALTER TABLE model_calls ADD COLUMN awaited VARCHAR;
COMMENT ON COLUMN model_calls.awaited IS 'For a call in a batch: what its reply will be stored as, in JSON';
ALTER TABLE model_calls ADD COLUMN error VARCHAR;
COMMENT ON COLUMN model_calls.error IS 'Name of the error it ended with; NULL when it was answered';
COMMENT ON COLUMN model_calls.kind IS 'explain, repair, ask or review';
COMMENT ON COLUMN issues.language IS 'ja or en';

CREATE TABLE text_audits (
    generation_id VARCHAR NOT NULL,
    part          VARCHAR NOT NULL CHECK (part IN ('tldr', 'summary')),
    reason        VARCHAR NOT NULL,
    version       VARCHAR NOT NULL,
    audited_at    TIMESTAMPTZ NOT NULL,
    run_id        VARCHAR NOT NULL,
    PRIMARY KEY (generation_id, part, audited_at)
);
COMMENT ON TABLE text_audits IS 'Verification run again over a stored TL;DR or summary, where it failed and had not before.';
COMMENT ON COLUMN text_audits.generation_id IS 'The explanation';
COMMENT ON COLUMN text_audits.part IS 'tldr or summary';
COMMENT ON COLUMN text_audits.reason IS 'Why it is not verified, for the reader';
COMMENT ON COLUMN text_audits.version IS 'Version of rindoku whose checks these are';
COMMENT ON COLUMN text_audits.audited_at IS 'When (UTC)';
COMMENT ON COLUMN text_audits.run_id IS 'The audit';
