-- Facts alone, append-only, by digest. Payloads and texts are in the private file from here on (see takeover.py, which
-- has moved them there before this migration drops them). What was updated in place becomes a row of its own, and a view
-- takes the newest; CHECKs that list growing words are made in Python (words.py).

DROP SCHEMA raw CASCADE;

CREATE TABLE weeks_anew (
    digest    VARCHAR NOT NULL DEFAULT 'dair_ai',
    week      VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    ends_on   DATE NOT NULL,
    PRIMARY KEY (digest, week),
    CHECK (starts_on <= ends_on)
);
INSERT INTO weeks_anew BY NAME SELECT * FROM weeks;
DROP TABLE weeks;
ALTER TABLE weeks_anew RENAME TO weeks;
COMMENT ON TABLE weeks IS 'A week of papers, named after the ISO week of the midpoint of its announced range.';
COMMENT ON COLUMN weeks.digest IS 'Name of the digest, as in digests.toml';
COMMENT ON COLUMN weeks.week IS 'Id such as 2024-W14';
COMMENT ON COLUMN weeks.starts_on IS 'First day of the announced range';
COMMENT ON COLUMN weeks.ends_on IS 'Last day of the announced range';

CREATE TABLE sightings_anew (
    digest      VARCHAR NOT NULL DEFAULT 'dair_ai',
    sighting_id VARCHAR NOT NULL,
    week        VARCHAR NOT NULL,
    source      VARCHAR NOT NULL,
    precedence  INTEGER NOT NULL,
    heading     VARCHAR NOT NULL,
    starts_on   DATE NOT NULL,
    ends_on     DATE NOT NULL,
    reference   VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (sighting_id)
);
INSERT INTO sightings_anew BY NAME SELECT * FROM sightings;
DROP TABLE sightings;
ALTER TABLE sightings_anew RENAME TO sightings;
COMMENT ON TABLE sightings IS 'A week as one source showed it; the same list seen again adds no row.';
COMMENT ON COLUMN sightings.digest IS 'Name of the digest, as in digests.toml';
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
    digest      VARCHAR NOT NULL DEFAULT 'dair_ai',
    issue_id    VARCHAR NOT NULL,
    week        VARCHAR NOT NULL,
    language    VARCHAR NOT NULL,
    revision    INTEGER NOT NULL,
    format      VARCHAR NOT NULL,
    rendered_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (issue_id),
    UNIQUE (digest, week, language, format, revision)
);
INSERT INTO issues_anew BY NAME SELECT * FROM issues;
DROP TABLE issues;
ALTER TABLE issues_anew RENAME TO issues;
COMMENT ON TABLE issues IS 'Every rendered revision of a week''s article.';
COMMENT ON COLUMN issues.digest IS 'Name of the digest, as in digests.toml';
COMMENT ON COLUMN issues.issue_id IS 'sha256: and the hash of digest (unless it is dair_ai), week, language, format and text';
COMMENT ON COLUMN issues.week IS 'The week';
COMMENT ON COLUMN issues.language IS 'Code of the language, such as ja or en';
COMMENT ON COLUMN issues.revision IS 'From 1; a new one only when the text changed';
COMMENT ON COLUMN issues.format IS 'Form of the article, such as md or html';
COMMENT ON COLUMN issues.rendered_at IS 'When it was first rendered like this (UTC)';
COMMENT ON COLUMN issues.run_id IS 'The run that rendered it; empty when by hand';

CREATE TABLE run_starts (
    digest     VARCHAR NOT NULL DEFAULT 'dair_ai',
    run_id     VARCHAR NOT NULL,
    flow       VARCHAR NOT NULL,
    week       VARCHAR NOT NULL,
    as_of      TIMESTAMPTZ NOT NULL,
    source     VARCHAR NOT NULL,
    version    VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (run_id)
);
INSERT INTO run_starts BY NAME SELECT run_id, flow, week, as_of, source, version, started_at FROM runs;
COMMENT ON TABLE run_starts IS 'The beginning of each run; the view runs has its end as well.';
COMMENT ON COLUMN run_starts.digest IS 'Name of the digest, as in digests.toml';
COMMENT ON COLUMN run_starts.run_id IS 'The Prefect flow run id, with /week for a part of a flow, or the command''s name and a random id';
COMMENT ON COLUMN run_starts.flow IS 'Name of the flow or the command';
COMMENT ON COLUMN run_starts.week IS 'The week it was about, 2024-W14; empty for none in particular';
COMMENT ON COLUMN run_starts.as_of IS 'The instant the run took as now (UTC)';
COMMENT ON COLUMN run_starts.source IS 'The source that was asked for: auto, x, twin or a file''s path; else the name of the flow or the command';
COMMENT ON COLUMN run_starts.version IS 'Version of rindoku';
COMMENT ON COLUMN run_starts.started_at IS 'Wall clock (UTC)';

CREATE TABLE run_ends (
    run_id   VARCHAR NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    outcome  VARCHAR NOT NULL,
    message  VARCHAR,
    PRIMARY KEY (run_id, ended_at)
);
INSERT INTO run_ends BY NAME SELECT run_id, ended_at, outcome, message FROM runs WHERE ended_at IS NOT NULL;
COMMENT ON TABLE run_ends IS 'The end of each run that was not killed; the newest counts.';
COMMENT ON COLUMN run_ends.run_id IS 'The Prefect flow run id, with /week for a part of a flow, or the command''s name and a random id';
COMMENT ON COLUMN run_ends.ended_at IS 'Wall clock (UTC)';
COMMENT ON COLUMN run_ends.outcome IS 'complete, partial, nothing yet or failed';
COMMENT ON COLUMN run_ends.message IS 'One line on what came of it';

DROP TABLE runs;

CREATE TABLE call_starts (
    call_id       VARCHAR NOT NULL,
    generation_id VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    model         VARCHAR NOT NULL,
    estimated_usd DOUBLE,
    asked_at      TIMESTAMPTZ NOT NULL,
    run_id        VARCHAR NOT NULL,
    batch_key     VARCHAR,
    awaited       VARCHAR,
    PRIMARY KEY (call_id)
);
INSERT INTO call_starts BY NAME SELECT call_id, generation_id, kind, model, estimated_usd, asked_at, run_id, batch_key, awaited FROM model_calls;
COMMENT ON TABLE call_starts IS 'Every call to a model, recorded before it is made; the view model_calls has its end as well.';
COMMENT ON COLUMN call_starts.call_id IS 'Random id of this call';
COMMENT ON COLUMN call_starts.generation_id IS 'What was asked';
COMMENT ON COLUMN call_starts.kind IS 'explain, repair, ask or review';
COMMENT ON COLUMN call_starts.model IS 'Model that was asked';
COMMENT ON COLUMN call_starts.estimated_usd IS 'Estimate before the call; NULL when the model''s price is unknown';
COMMENT ON COLUMN call_starts.asked_at IS 'Before the call (UTC)';
COMMENT ON COLUMN call_starts.run_id IS 'The run that paid';
COMMENT ON COLUMN call_starts.batch_key IS 'The batch it was made in, at half the price; NULL for a call of its own';
COMMENT ON COLUMN call_starts.awaited IS 'For a call in a batch: what its reply will be stored as, in JSON';

CREATE TABLE call_ends (
    call_id            VARCHAR NOT NULL,
    status             VARCHAR NOT NULL,
    cost_usd           DOUBLE,
    input_tokens       INTEGER,
    cache_write_tokens INTEGER,
    cache_read_tokens  INTEGER,
    output_tokens      INTEGER,
    request_id         VARCHAR,
    stop_reason        VARCHAR,
    answered_at        TIMESTAMPTZ NOT NULL,
    message            VARCHAR,
    error              VARCHAR,
    PRIMARY KEY (call_id, answered_at)
);
INSERT INTO call_ends BY NAME SELECT call_id, status, cost_usd, input_tokens, cache_write_tokens, cache_read_tokens, output_tokens, request_id, stop_reason, answered_at, message, error FROM model_calls WHERE status <> 'asked';
COMMENT ON TABLE call_ends IS 'How calls ended: an answer counts before a failure, the newest of each.';
COMMENT ON COLUMN call_ends.call_id IS 'Random id of this call';
COMMENT ON COLUMN call_ends.status IS 'answered or failed';
COMMENT ON COLUMN call_ends.cost_usd IS 'Cost in US dollars by the price file; NULL when not known, and for a failure';
COMMENT ON COLUMN call_ends.input_tokens IS 'Billed at the full input price';
COMMENT ON COLUMN call_ends.cache_write_tokens IS 'Billed as cache writes';
COMMENT ON COLUMN call_ends.cache_read_tokens IS 'Billed as cache reads';
COMMENT ON COLUMN call_ends.output_tokens IS 'Billed as output';
COMMENT ON COLUMN call_ends.request_id IS 'The service''s id of the request';
COMMENT ON COLUMN call_ends.stop_reason IS 'As the reply says';
COMMENT ON COLUMN call_ends.answered_at IS 'When the outcome was known (UTC)';
COMMENT ON COLUMN call_ends.message IS 'What went wrong';
COMMENT ON COLUMN call_ends.error IS 'Name of the error it ended with; NULL when it was answered';

DROP TABLE model_calls;

CREATE TABLE batch_starts (
    batch_key   VARCHAR NOT NULL,
    requests    INTEGER NOT NULL,
    reserved_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (batch_key)
);
INSERT INTO batch_starts BY NAME SELECT batch_key, requests, reserved_at, run_id FROM batches;
COMMENT ON TABLE batch_starts IS 'Every batch, recorded before it is submitted; the view batches has its confirmation and end as well.';
COMMENT ON COLUMN batch_starts.batch_key IS 'b2: and the hash of its calls';
COMMENT ON COLUMN batch_starts.requests IS 'Calls in it';
COMMENT ON COLUMN batch_starts.reserved_at IS 'When it was written down, before it was submitted (UTC)';
COMMENT ON COLUMN batch_starts.run_id IS 'The run that submitted it';

CREATE TABLE batch_confirmations (
    batch_key    VARCHAR NOT NULL,
    batch_id     VARCHAR NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (batch_key, submitted_at)
);
INSERT INTO batch_confirmations BY NAME SELECT batch_key, batch_id, submitted_at FROM batches WHERE batch_id IS NOT NULL;
COMMENT ON TABLE batch_confirmations IS 'Batches that the service confirmed; the newest counts.';
COMMENT ON COLUMN batch_confirmations.batch_key IS 'b2: and the hash of its calls';
COMMENT ON COLUMN batch_confirmations.batch_id IS 'The service''s id';
COMMENT ON COLUMN batch_confirmations.submitted_at IS 'When the service confirmed it (UTC)';

CREATE TABLE batch_ends (
    batch_key VARCHAR NOT NULL,
    ended_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (batch_key, ended_at)
);
INSERT INTO batch_ends BY NAME SELECT batch_key, ended_at FROM batches WHERE ended_at IS NOT NULL;
COMMENT ON TABLE batch_ends IS 'Batches whose results were saved.';
COMMENT ON COLUMN batch_ends.batch_key IS 'b2: and the hash of its calls';
COMMENT ON COLUMN batch_ends.ended_at IS 'When its results were saved (UTC)';

DROP TABLE batches;

CREATE TABLE high_water_marks_anew (
    digest   VARCHAR NOT NULL DEFAULT 'dair_ai',
    watch    VARCHAR NOT NULL,
    week     VARCHAR NOT NULL,
    post_id  VARCHAR NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (digest, watch, week, noted_at)
);
INSERT INTO high_water_marks_anew BY NAME SELECT * FROM high_water_marks;
DROP TABLE high_water_marks;
ALTER TABLE high_water_marks_anew RENAME TO high_water_marks;
COMMENT ON TABLE high_water_marks IS 'How far a week was read on X without a gap, the newest row by noted_at; the next look asks for newer posts only.';
COMMENT ON COLUMN high_water_marks.digest IS 'Name of the digest, as in digests.toml';
COMMENT ON COLUMN high_water_marks.watch IS 'What is watched, as in RINDOKU_WATCH';
COMMENT ON COLUMN high_water_marks.week IS 'The week';
COMMENT ON COLUMN high_water_marks.post_id IS 'The newest post, once all pages down to the oldest were read';
COMMENT ON COLUMN high_water_marks.noted_at IS 'When (UTC)';

CREATE TABLE posts_anew (
    post_id         VARCHAR NOT NULL,
    conversation_id VARCHAR NOT NULL,
    author_id       VARCHAR NOT NULL,
    replied_to      VARCHAR,
    posted_at       TIMESTAMPTZ NOT NULL,
    payload_id      VARCHAR NOT NULL,
    PRIMARY KEY (post_id)
);
INSERT INTO posts_anew BY NAME SELECT post_id, conversation_id, author_id, replied_to, posted_at, payload_id FROM posts;
CREATE TABLE forgotten_posts (
    post_id      VARCHAR PRIMARY KEY,
    forgotten_at TIMESTAMPTZ NOT NULL
);
INSERT INTO forgotten_posts SELECT post_id, forgotten_at FROM posts WHERE forgotten_at IS NOT NULL;
COMMENT ON TABLE forgotten_posts IS 'Posts whose texts and payloads were removed, because they were deleted on X.';
COMMENT ON COLUMN forgotten_posts.post_id IS 'The post, as in posts';
COMMENT ON COLUMN forgotten_posts.forgotten_at IS 'When (UTC)';
DROP TABLE posts;
ALTER TABLE posts_anew RENAME TO posts;
COMMENT ON TABLE posts IS 'Posts that were read; their text is in the private file.';
COMMENT ON COLUMN posts.post_id IS 'Id of the post on X; the first one of an edited post';
COMMENT ON COLUMN posts.conversation_id IS 'Id of the root post of its conversation';
COMMENT ON COLUMN posts.author_id IS 'X user id';
COMMENT ON COLUMN posts.replied_to IS 'Id of the post it replies to';
COMMENT ON COLUMN posts.posted_at IS 'When it was posted (UTC)';
COMMENT ON COLUMN posts.payload_id IS 'The answer it came in';

CREATE TABLE x_reads_anew (
    payload_id VARCHAR NOT NULL,
    endpoint   VARCHAR NOT NULL,
    posts      INTEGER NOT NULL,
    users      INTEGER NOT NULL,
    cost_usd   DOUBLE NOT NULL,
    read_at    TIMESTAMPTZ NOT NULL,
    run_id     VARCHAR NOT NULL,
    PRIMARY KEY (payload_id, read_at)
);
INSERT INTO x_reads_anew BY NAME SELECT * FROM x_reads;
DROP TABLE x_reads;
ALTER TABLE x_reads_anew RENAME TO x_reads;
COMMENT ON TABLE x_reads IS 'Every answer X was paid for, also when its bytes were the same as before; failed requests are free.';
COMMENT ON COLUMN x_reads.payload_id IS 'The answer in the private file';
COMMENT ON COLUMN x_reads.endpoint IS 'Path that was asked, ids left out';
COMMENT ON COLUMN x_reads.posts IS 'Posts returned';
COMMENT ON COLUMN x_reads.users IS 'Users returned';
COMMENT ON COLUMN x_reads.cost_usd IS 'US dollars by the price file';
COMMENT ON COLUMN x_reads.read_at IS 'When (UTC)';
COMMENT ON COLUMN x_reads.run_id IS 'The run that paid';

-- The same tables without their CHECKs.

CREATE TABLE papers_anew (
    paper_id      VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (paper_id)
);
INSERT INTO papers_anew BY NAME SELECT * FROM papers;
DROP TABLE papers;
ALTER TABLE papers_anew RENAME TO papers;
COMMENT ON TABLE papers IS 'What entries resolve to.';
COMMENT ON COLUMN papers.paper_id IS 'Scheme and value without version: arxiv:2404.02258, doi:10.1038/s41587-022-01618-2, openreview:rAnB7JSMXL, acl:2023.acl-long.656, pmlr:v139/radford21a, else url:https://swe-agent.com/';
COMMENT ON COLUMN papers.kind IS 'arxiv, or web for a work that is elsewhere';
COMMENT ON COLUMN papers.first_seen_at IS 'When an entry first resolved to it (UTC)';

CREATE TABLE links_anew (
    entry_id       VARCHAR NOT NULL,
    position       INTEGER NOT NULL,
    label          VARCHAR NOT NULL,
    url            VARCHAR NOT NULL,
    canonical      VARCHAR NOT NULL,
    role           VARCHAR NOT NULL,
    completed_from VARCHAR,
    PRIMARY KEY (entry_id, position)
);
INSERT INTO links_anew BY NAME SELECT * FROM links;
DROP TABLE links;
ALTER TABLE links_anew RENAME TO links;
COMMENT ON TABLE links IS 'The links of an entry, in the order of the list.';
COMMENT ON COLUMN links.entry_id IS 'The entry';
COMMENT ON COLUMN links.position IS 'From 1';
COMMENT ON COLUMN links.label IS 'The label in the list; empty in posts';
COMMENT ON COLUMN links.url IS 'Expanded address as posted';
COMMENT ON COLUMN links.canonical IS 'Without trackers and noise';
COMMENT ON COLUMN links.role IS 'paper, post, code, project or other';
COMMENT ON COLUMN links.completed_from IS 'The source this link was taken from when the sighting itself had none; else NULL';

CREATE TABLE documents_anew (
    document_id VARCHAR NOT NULL,
    paper_id    VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    grounding   VARCHAR NOT NULL,
    format      VARCHAR NOT NULL,
    url         VARCHAR NOT NULL,
    characters  INTEGER NOT NULL,
    pages       INTEGER,
    note        VARCHAR NOT NULL,
    payload_id  VARCHAR NOT NULL,
    read_at     TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    quality     DOUBLE,
    PRIMARY KEY (document_id)
);
INSERT INTO documents_anew BY NAME SELECT * FROM documents;
DROP TABLE documents;
ALTER TABLE documents_anew RENAME TO documents;
COMMENT ON TABLE documents IS 'The text we read of a paper, from one source at one time.';
COMMENT ON COLUMN documents.document_id IS 'sha256: and the hash of paper, version and text';
COMMENT ON COLUMN documents.paper_id IS 'The paper';
COMMENT ON COLUMN documents.version IS 'Its version';
COMMENT ON COLUMN documents.grounding IS 'full text, web page or abstract only';
COMMENT ON COLUMN documents.format IS 'What it was read from: html, pdf, page or abstract';
COMMENT ON COLUMN documents.url IS 'Where it was read';
COMMENT ON COLUMN documents.characters IS 'Length in Unicode characters';
COMMENT ON COLUMN documents.pages IS 'Pages of a PDF, else NULL';
COMMENT ON COLUMN documents.note IS 'Why no better text was read; empty when it is the best';
COMMENT ON COLUMN documents.payload_id IS 'The answer it was read from';
COMMENT ON COLUMN documents.read_at IS 'When (UTC)';
COMMENT ON COLUMN documents.run_id IS 'The run that read it';
COMMENT ON COLUMN documents.quality IS 'Share of the text that reads as prose, 0 to 1; below 0.5 the next source is taken instead';

CREATE TABLE generations_anew (
    generation_id  VARCHAR NOT NULL,
    kind           VARCHAR NOT NULL,
    language       VARCHAR NOT NULL,
    model          VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    prompt_hash    VARCHAR NOT NULL,
    paper_id       VARCHAR NOT NULL,
    document_id    VARCHAR NOT NULL,
    repairs        VARCHAR,
    label          VARCHAR NOT NULL,
    status         VARCHAR NOT NULL,
    reason         VARCHAR NOT NULL,
    payload_id     VARCHAR,
    generated_at   TIMESTAMPTZ NOT NULL,
    run_id         VARCHAR NOT NULL,
    PRIMARY KEY (generation_id)
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
COMMENT ON COLUMN generations.payload_id IS 'The raw reply in the private file';
COMMENT ON COLUMN generations.generated_at IS 'When the reply was saved (UTC)';
COMMENT ON COLUMN generations.run_id IS 'The run that asked';

CREATE TABLE link_checks_anew (
    entry_id   VARCHAR NOT NULL,
    url        VARCHAR NOT NULL,
    state      VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    read_at    VARCHAR,
    checked_at TIMESTAMPTZ NOT NULL,
    run_id     VARCHAR NOT NULL,
    PRIMARY KEY (entry_id, url, checked_at)
);
INSERT INTO link_checks_anew BY NAME SELECT * FROM link_checks;
DROP TABLE link_checks;
ALTER TABLE link_checks_anew RENAME TO link_checks;
COMMENT ON TABLE link_checks IS 'What became of opening an entry''s links. Links to arXiv need no opening and have no row.';
COMMENT ON COLUMN link_checks.entry_id IS 'The entry';
COMMENT ON COLUMN link_checks.url IS 'The link in canonical form';
COMMENT ON COLUMN link_checks.state IS 'read, moved (read elsewhere), dead, paywalled, script only, robots, refused, no text or unreachable';
COMMENT ON COLUMN link_checks.reason IS 'Why it was not read, in a sentence; empty when it was';
COMMENT ON COLUMN link_checks.read_at IS 'The address it ended at; NULL when it was not read';
COMMENT ON COLUMN link_checks.checked_at IS 'The run''s as_of (UTC)';
COMMENT ON COLUMN link_checks.run_id IS 'The run that looked';
