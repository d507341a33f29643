-- The path from the weekly post to the article. `raw` is private: payloads, posts' and papers' text.

CREATE SCHEMA raw;

CREATE TABLE raw.payloads (
    payload_id   VARCHAR PRIMARY KEY,
    source       VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    status       INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    body         BLOB NOT NULL,
    tool         VARCHAR NOT NULL,
    retrieved_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE raw.payloads IS 'Every answer from outside, byte for byte; everything else can be derived from it again. Private.';
COMMENT ON COLUMN raw.payloads.payload_id IS 'sha256: and the hash of source, url and body';
COMMENT ON COLUMN raw.payloads.source IS 'x, twin, file, arxiv, web or model';
COMMENT ON COLUMN raw.payloads.url IS 'What was asked for; without keys';
COMMENT ON COLUMN raw.payloads.status IS 'HTTP status; 200 for files';
COMMENT ON COLUMN raw.payloads.content_type IS 'As told by the bytes, not by the header';
COMMENT ON COLUMN raw.payloads.body IS 'The bytes as received, decompressed';
COMMENT ON COLUMN raw.payloads.tool IS 'Name and version of what fetched it';
COMMENT ON COLUMN raw.payloads.retrieved_at IS 'When it arrived (UTC)';

CREATE TABLE raw.post_texts (
    post_id VARCHAR PRIMARY KEY,
    text    VARCHAR NOT NULL
);
COMMENT ON TABLE raw.post_texts IS 'Texts of posts. Private: the terms of X allow publishing ids only.';
COMMENT ON COLUMN raw.post_texts.post_id IS 'The post, as in posts';
COMMENT ON COLUMN raw.post_texts.text IS 'The whole text, long form included, entities unescaped';

CREATE TABLE raw.entry_texts (
    entry_id VARCHAR PRIMARY KEY,
    blurb    VARCHAR NOT NULL
);
COMMENT ON TABLE raw.entry_texts IS 'What the list says of an entry. Private, as it is somebody else''s text.';
COMMENT ON COLUMN raw.entry_texts.entry_id IS 'The entry, as in entries';
COMMENT ON COLUMN raw.entry_texts.blurb IS 'The text after the title';

CREATE TABLE raw.document_texts (
    document_id VARCHAR PRIMARY KEY,
    text        VARCHAR NOT NULL
);
COMMENT ON TABLE raw.document_texts IS 'Texts that were read. Private: authors'' texts may not be served again.';
COMMENT ON COLUMN raw.document_texts.document_id IS 'The document, as in documents';
COMMENT ON COLUMN raw.document_texts.text IS 'Plain text that all offsets refer to, in Unicode characters';

CREATE TABLE runs (
    run_id     VARCHAR PRIMARY KEY,
    flow       VARCHAR NOT NULL,
    week       VARCHAR NOT NULL,
    as_of      TIMESTAMPTZ NOT NULL,
    source     VARCHAR NOT NULL,
    version    VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ,
    outcome    VARCHAR CHECK (outcome IN ('complete', 'partial', 'nothing yet', 'failed')),
    message    VARCHAR
);
COMMENT ON TABLE runs IS 'One execution of a flow. A run without an end was killed.';
COMMENT ON COLUMN runs.run_id IS 'The Prefect flow run id';
COMMENT ON COLUMN runs.flow IS 'Name of the flow';
COMMENT ON COLUMN runs.week IS 'The week it was about, 2024-W14';
COMMENT ON COLUMN runs.as_of IS 'The instant the run took as now (UTC)';
COMMENT ON COLUMN runs.source IS 'Where it was told to look: auto, x, twin or a file';
COMMENT ON COLUMN runs.version IS 'Version of rindoku';
COMMENT ON COLUMN runs.started_at IS 'Wall clock (UTC)';
COMMENT ON COLUMN runs.ended_at IS 'Wall clock (UTC); NULL while running or when killed';
COMMENT ON COLUMN runs.outcome IS 'complete, partial, nothing yet or failed';
COMMENT ON COLUMN runs.message IS 'One line on what came of it';

CREATE TABLE posts (
    post_id         VARCHAR PRIMARY KEY,
    conversation_id VARCHAR NOT NULL,
    author_id       VARCHAR NOT NULL,
    replied_to      VARCHAR,
    posted_at       TIMESTAMPTZ NOT NULL,
    payload_id      VARCHAR NOT NULL
);
COMMENT ON TABLE posts IS 'Posts that were read; their text is in raw.post_texts.';
COMMENT ON COLUMN posts.post_id IS 'Id of the post on X; the first one of an edited post';
COMMENT ON COLUMN posts.conversation_id IS 'Id of the root post of its conversation';
COMMENT ON COLUMN posts.author_id IS 'X user id';
COMMENT ON COLUMN posts.replied_to IS 'Id of the post it replies to';
COMMENT ON COLUMN posts.posted_at IS 'When it was posted (UTC)';
COMMENT ON COLUMN posts.payload_id IS 'The answer it came in';

CREATE TABLE weeks (
    week      VARCHAR PRIMARY KEY,
    starts_on DATE NOT NULL,
    ends_on   DATE NOT NULL,
    CHECK (starts_on <= ends_on)
);
COMMENT ON TABLE weeks IS 'A week of papers, named after the ISO week of the midpoint of its announced range.';
COMMENT ON COLUMN weeks.week IS 'Id such as 2024-W14';
COMMENT ON COLUMN weeks.starts_on IS 'First day of the announced range';
COMMENT ON COLUMN weeks.ends_on IS 'Last day of the announced range';

CREATE TABLE sightings (
    sighting_id VARCHAR PRIMARY KEY,
    week        VARCHAR NOT NULL,
    source      VARCHAR NOT NULL CHECK (source IN ('x', 'twin', 'file')),
    heading     VARCHAR NOT NULL,
    starts_on   DATE NOT NULL,
    ends_on     DATE NOT NULL,
    reference   VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL
);
COMMENT ON TABLE sightings IS 'A week as one source showed it; seeing the same again adds nothing.';
COMMENT ON COLUMN sightings.sighting_id IS 'b2: and the hash of week, source, heading and entries';
COMMENT ON COLUMN sightings.week IS 'The week, as in weeks';
COMMENT ON COLUMN sightings.source IS 'x, twin or file';
COMMENT ON COLUMN sightings.heading IS 'The line that announced it';
COMMENT ON COLUMN sightings.starts_on IS 'First day as announced';
COMMENT ON COLUMN sightings.ends_on IS 'Last day as announced';
COMMENT ON COLUMN sightings.reference IS 'Id of the root post, or the address or name of the file';
COMMENT ON COLUMN sightings.observed_at IS 'When it was first seen like this (UTC)';
COMMENT ON COLUMN sightings.run_id IS 'The run that saw it';

CREATE TABLE entries (
    entry_id    VARCHAR PRIMARY KEY,
    sighting_id VARCHAR NOT NULL,
    rank        INTEGER NOT NULL CHECK (rank >= 1),
    title       VARCHAR NOT NULL
);
COMMENT ON TABLE entries IS 'One paper as a week''s list names it.';
COMMENT ON COLUMN entries.entry_id IS 'b2: and the hash of week, rank, title and links; the same in every source that shows the same';
COMMENT ON COLUMN entries.sighting_id IS 'The sighting it stands in';
COMMENT ON COLUMN entries.rank IS 'Its number in the list, from 1';
COMMENT ON COLUMN entries.title IS 'The name the list gives it, often a nickname';

CREATE TABLE links (
    entry_id  VARCHAR NOT NULL,
    position  INTEGER NOT NULL,
    label     VARCHAR NOT NULL,
    url       VARCHAR NOT NULL,
    canonical VARCHAR NOT NULL,
    role      VARCHAR NOT NULL CHECK (role IN ('paper', 'post', 'code', 'project', 'other')),
    PRIMARY KEY (entry_id, position)
);
COMMENT ON TABLE links IS 'The links of an entry, in the order of the list.';
COMMENT ON COLUMN links.entry_id IS 'The entry';
COMMENT ON COLUMN links.position IS 'From 1';
COMMENT ON COLUMN links.label IS 'The label in the list; empty in posts';
COMMENT ON COLUMN links.url IS 'Expanded address as posted';
COMMENT ON COLUMN links.canonical IS 'Without trackers and noise';
COMMENT ON COLUMN links.role IS 'paper, post, code, project or other';

CREATE TABLE papers (
    paper_id      VARCHAR PRIMARY KEY,
    kind          VARCHAR NOT NULL CHECK (kind IN ('arxiv', 'web')),
    first_seen_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE papers IS 'What entries resolve to.';
COMMENT ON COLUMN papers.paper_id IS 'Scheme and value without version: arxiv:2404.02258, url:https://swe-agent.com/';
COMMENT ON COLUMN papers.kind IS 'arxiv, or web for a work that only has a page';
COMMENT ON COLUMN papers.first_seen_at IS 'When an entry first resolved to it (UTC)';

CREATE TABLE paper_versions (
    paper_id         VARCHAR NOT NULL,
    version          INTEGER NOT NULL,
    title            VARCHAR NOT NULL,
    abstract         VARCHAR,
    authors_complete BOOLEAN NOT NULL,
    published_on     DATE,
    updated_on       DATE,
    url              VARCHAR NOT NULL,
    comment          VARCHAR,
    payload_id       VARCHAR NOT NULL,
    retrieved_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (paper_id, version)
);
COMMENT ON TABLE paper_versions IS 'Metadata of one version of a paper.';
COMMENT ON COLUMN paper_versions.paper_id IS 'The paper';
COMMENT ON COLUMN paper_versions.version IS 'arXiv version; 0 for works without versions';
COMMENT ON COLUMN paper_versions.title IS 'Official title';
COMMENT ON COLUMN paper_versions.abstract IS 'The authors'' abstract; our summary is in summaries';
COMMENT ON COLUMN paper_versions.authors_complete IS 'False when the work itself says et al.';
COMMENT ON COLUMN paper_versions.published_on IS 'Date of the first version; NULL when not stated';
COMMENT ON COLUMN paper_versions.updated_on IS 'Date of this version; NULL when not stated';
COMMENT ON COLUMN paper_versions.url IS 'Where a reader finds this version';
COMMENT ON COLUMN paper_versions.comment IS 'The authors'' comment on arXiv';
COMMENT ON COLUMN paper_versions.payload_id IS 'The answer it was read from';
COMMENT ON COLUMN paper_versions.retrieved_at IS 'When (UTC)';

CREATE TABLE authors (
    paper_id VARCHAR NOT NULL,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name     VARCHAR NOT NULL,
    PRIMARY KEY (paper_id, version, position)
);
COMMENT ON TABLE authors IS 'Authors of a paper version, in order.';
COMMENT ON COLUMN authors.paper_id IS 'The paper';
COMMENT ON COLUMN authors.version IS 'Its version';
COMMENT ON COLUMN authors.position IS 'From 1';
COMMENT ON COLUMN authors.name IS 'As the source writes it';

CREATE TABLE categories (
    paper_id VARCHAR NOT NULL,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    code     VARCHAR NOT NULL,
    PRIMARY KEY (paper_id, version, position)
);
COMMENT ON TABLE categories IS 'arXiv categories of a paper version, the primary one first.';
COMMENT ON COLUMN categories.paper_id IS 'The paper';
COMMENT ON COLUMN categories.version IS 'Its version';
COMMENT ON COLUMN categories.position IS 'From 1';
COMMENT ON COLUMN categories.code IS 'arXiv''s code, cs.CL; names repeat, codes do not';

CREATE TABLE resolutions (
    resolution_id VARCHAR PRIMARY KEY,
    entry_id      VARCHAR NOT NULL,
    paper_id      VARCHAR,
    version       INTEGER,
    method        VARCHAR NOT NULL,
    confidence    DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    evidence      VARCHAR NOT NULL,
    resolved_at   TIMESTAMPTZ NOT NULL,
    run_id        VARCHAR NOT NULL
);
COMMENT ON TABLE resolutions IS 'Which paper an entry is; a later row supersedes an earlier one, none is deleted.';
COMMENT ON COLUMN resolutions.resolution_id IS 'b2: and the hash of entry, paper, version, method and evidence';
COMMENT ON COLUMN resolutions.entry_id IS 'The entry';
COMMENT ON COLUMN resolutions.paper_id IS 'The paper; NULL when none was found, with the reason as evidence';
COMMENT ON COLUMN resolutions.version IS 'The version to read; 0 for works without versions';
COMMENT ON COLUMN resolutions.method IS 'arxiv link, arxiv id on the page, arxiv stamp on the PDF, project page, web page or unresolved';
COMMENT ON COLUMN resolutions.confidence IS 'From 0 to 1';
COMMENT ON COLUMN resolutions.evidence IS 'What led there, or why nothing did';
COMMENT ON COLUMN resolutions.resolved_at IS 'The run''s as_of (UTC)';
COMMENT ON COLUMN resolutions.run_id IS 'The run that decided';

CREATE TABLE documents (
    document_id  VARCHAR PRIMARY KEY,
    paper_id     VARCHAR NOT NULL,
    version      INTEGER NOT NULL,
    grounding    VARCHAR NOT NULL CHECK (grounding IN ('full text', 'web page', 'abstract only')),
    format       VARCHAR NOT NULL CHECK (format IN ('html', 'pdf', 'page', 'abstract')),
    url          VARCHAR NOT NULL,
    characters   INTEGER NOT NULL,
    pages        INTEGER,
    note         VARCHAR NOT NULL,
    payload_id   VARCHAR NOT NULL,
    read_at      TIMESTAMPTZ NOT NULL,
    run_id       VARCHAR NOT NULL
);
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

CREATE TABLE sections (
    document_id VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    title       VARCHAR NOT NULL,
    start_char  INTEGER NOT NULL,
    end_char    INTEGER NOT NULL,
    page        INTEGER,
    PRIMARY KEY (document_id, position),
    CHECK (start_char <= end_char)
);
COMMENT ON TABLE sections IS 'Sections of a document.';
COMMENT ON COLUMN sections.document_id IS 'The document';
COMMENT ON COLUMN sections.position IS 'From 1';
COMMENT ON COLUMN sections.title IS 'Heading; empty for a PDF page without one';
COMMENT ON COLUMN sections.start_char IS 'First character, from 0';
COMMENT ON COLUMN sections.end_char IS 'One past the last character';
COMMENT ON COLUMN sections.page IS 'Page of a PDF, from 1';

CREATE TABLE generations (
    generation_id  VARCHAR PRIMARY KEY,
    kind           VARCHAR NOT NULL CHECK (kind IN ('explain', 'repair', 'extract')),
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
COMMENT ON TABLE generations IS 'One answer of a model (or of the extractive explainer), addressed by what was asked.';
COMMENT ON COLUMN generations.generation_id IS 'b2: and the hash of kind, language, model, parameters, prompt text and document';
COMMENT ON COLUMN generations.kind IS 'explain, repair, or extract when no model was asked';
COMMENT ON COLUMN generations.language IS 'Language of the text, ja';
COMMENT ON COLUMN generations.model IS 'Model that was asked; extractive when none was';
COMMENT ON COLUMN generations.prompt_version IS 'Version line of the prompt file';
COMMENT ON COLUMN generations.prompt_hash IS 'Hash of the prompt text as sent, without the document';
COMMENT ON COLUMN generations.paper_id IS 'The paper';
COMMENT ON COLUMN generations.document_id IS 'The document it was shown';
COMMENT ON COLUMN generations.repairs IS 'The generation it repairs';
COMMENT ON COLUMN generations.label IS 'model, extract, or sample for replies of the stand-in';
COMMENT ON COLUMN generations.status IS 'good, refused, truncated or unreadable; only good ones are published from';
COMMENT ON COLUMN generations.reason IS 'Why it is not good; empty when it is';
COMMENT ON COLUMN generations.payload_id IS 'The raw reply in raw.payloads';
COMMENT ON COLUMN generations.generated_at IS 'When the reply was saved (UTC)';
COMMENT ON COLUMN generations.run_id IS 'The run that asked';

CREATE TABLE model_calls (
    call_id            VARCHAR PRIMARY KEY,
    generation_id      VARCHAR NOT NULL,
    kind               VARCHAR NOT NULL,
    model              VARCHAR NOT NULL,
    status             VARCHAR NOT NULL CHECK (status IN ('asked', 'answered', 'failed')),
    estimated_usd      DOUBLE,
    cost_usd           DOUBLE,
    input_tokens       INTEGER,
    cache_write_tokens INTEGER,
    cache_read_tokens  INTEGER,
    output_tokens      INTEGER,
    request_id         VARCHAR,
    stop_reason        VARCHAR,
    asked_at           TIMESTAMPTZ NOT NULL,
    answered_at        TIMESTAMPTZ,
    message            VARCHAR,
    run_id             VARCHAR NOT NULL
);
COMMENT ON TABLE model_calls IS 'Every call to a model, written down before it is made. A row left at asked was in flight when its run was killed.';
COMMENT ON COLUMN model_calls.call_id IS 'Random id of this call';
COMMENT ON COLUMN model_calls.generation_id IS 'What was asked';
COMMENT ON COLUMN model_calls.kind IS 'explain or repair';
COMMENT ON COLUMN model_calls.model IS 'Model that was asked';
COMMENT ON COLUMN model_calls.status IS 'asked, answered or failed';
COMMENT ON COLUMN model_calls.estimated_usd IS 'Estimate before the call; NULL when the model''s price is unknown';
COMMENT ON COLUMN model_calls.cost_usd IS 'Cost by the price file; NULL when not known';
COMMENT ON COLUMN model_calls.input_tokens IS 'Billed at the full input price';
COMMENT ON COLUMN model_calls.cache_write_tokens IS 'Billed as cache writes';
COMMENT ON COLUMN model_calls.cache_read_tokens IS 'Billed as cache reads';
COMMENT ON COLUMN model_calls.output_tokens IS 'Billed as output';
COMMENT ON COLUMN model_calls.request_id IS 'The service''s id of the request';
COMMENT ON COLUMN model_calls.stop_reason IS 'As the reply says';
COMMENT ON COLUMN model_calls.asked_at IS 'Before the call (UTC)';
COMMENT ON COLUMN model_calls.answered_at IS 'When the outcome was known (UTC)';
COMMENT ON COLUMN model_calls.message IS 'What went wrong';
COMMENT ON COLUMN model_calls.run_id IS 'The run that paid';

CREATE TABLE summaries (
    generation_id VARCHAR PRIMARY KEY,
    paper_id      VARCHAR NOT NULL,
    tldr          VARCHAR,
    summary       VARCHAR NOT NULL
);
COMMENT ON TABLE summaries IS 'TL;DR and summary of a paper, ours.';
COMMENT ON COLUMN summaries.generation_id IS 'The explain or extract generation it comes from';
COMMENT ON COLUMN summaries.paper_id IS 'The paper';
COMMENT ON COLUMN summaries.tldr IS 'One line; NULL where none can be given honestly';
COMMENT ON COLUMN summaries.summary IS '概要';

CREATE TABLE questions (
    question_id   VARCHAR PRIMARY KEY,
    generation_id VARCHAR NOT NULL,
    paper_id      VARCHAR NOT NULL,
    position      INTEGER NOT NULL,
    question      VARCHAR NOT NULL,
    answer        VARCHAR NOT NULL,
    status        VARCHAR NOT NULL CHECK (status IN ('verified', 'unverified', 'not in paper')),
    repaired      BOOLEAN NOT NULL,
    reason        VARCHAR NOT NULL
);
COMMENT ON TABLE questions IS 'Questions and answers on a paper, each with what verification made of it.';
COMMENT ON COLUMN questions.question_id IS 'b2: and the hash of generation and position';
COMMENT ON COLUMN questions.generation_id IS 'The explain or extract generation it comes from';
COMMENT ON COLUMN questions.paper_id IS 'The paper';
COMMENT ON COLUMN questions.position IS 'From 1';
COMMENT ON COLUMN questions.question IS 'As a reader asks it';
COMMENT ON COLUMN questions.answer IS 'The answer given; published as fact only when verified';
COMMENT ON COLUMN questions.status IS 'verified, unverified (検証できず) or not in paper (論文に記載なし)';
COMMENT ON COLUMN questions.repaired IS 'True when the answer is the one of the repair call';
COMMENT ON COLUMN questions.reason IS 'Why it is not verified, for the reader; empty when it is';

CREATE TABLE evidence (
    question_id VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    quote       VARCHAR NOT NULL,
    match       VARCHAR NOT NULL CHECK (match IN ('exact', 'fuzzy', 'absent')),
    start_char  INTEGER,
    end_char    INTEGER,
    section     VARCHAR,
    page        INTEGER,
    PRIMARY KEY (question_id, position)
);
COMMENT ON TABLE evidence IS 'The quotes an answer rests on, and where they stand in the document.';
COMMENT ON COLUMN evidence.question_id IS 'The question';
COMMENT ON COLUMN evidence.position IS 'From 1';
COMMENT ON COLUMN evidence.quote IS 'As the model gave it';
COMMENT ON COLUMN evidence.match IS 'exact, fuzzy (a few characters differ, no number and no negation), or absent';
COMMENT ON COLUMN evidence.start_char IS 'First character in the document, from 0; NULL when absent';
COMMENT ON COLUMN evidence.end_char IS 'One past the last character; NULL when absent';
COMMENT ON COLUMN evidence.section IS 'Heading of the section it stands in';
COMMENT ON COLUMN evidence.page IS 'Page of a PDF, from 1';

CREATE TABLE findings (
    finding_id VARCHAR PRIMARY KEY,
    subject    VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    severity   VARCHAR NOT NULL CHECK (severity IN ('error', 'warning', 'note')),
    message    VARCHAR NOT NULL,
    found_at   TIMESTAMPTZ NOT NULL,
    run_id     VARCHAR NOT NULL
);
COMMENT ON TABLE findings IS 'What the checks found, of weeks and of answers.';
COMMENT ON COLUMN findings.finding_id IS 'b2: and the hash of subject, check and message: the same finding is one row';
COMMENT ON COLUMN findings.subject IS 'Id of what it is about: a week, sighting, entry, question or generation';
COMMENT ON COLUMN findings.check_name IS 'Name of the check';
COMMENT ON COLUMN findings.severity IS 'error, warning or note';
COMMENT ON COLUMN findings.message IS 'What was found';
COMMENT ON COLUMN findings.found_at IS 'When first (UTC)';
COMMENT ON COLUMN findings.run_id IS 'The run that found it';

CREATE TABLE issues (
    issue_id    VARCHAR PRIMARY KEY,
    week        VARCHAR NOT NULL,
    language    VARCHAR NOT NULL,
    revision    INTEGER NOT NULL,
    format      VARCHAR NOT NULL CHECK (format IN ('md', 'html')),
    rendered_at TIMESTAMPTZ NOT NULL,
    run_id      VARCHAR NOT NULL,
    UNIQUE (week, language, format, revision)
);
COMMENT ON TABLE issues IS 'Every rendered revision of a week''s article.';
COMMENT ON COLUMN issues.issue_id IS 'sha256: and the hash of week, language, format and text';
COMMENT ON COLUMN issues.week IS 'The week';
COMMENT ON COLUMN issues.language IS 'ja';
COMMENT ON COLUMN issues.revision IS 'From 1; a new one only when the text changed';
COMMENT ON COLUMN issues.format IS 'md or html';
COMMENT ON COLUMN issues.rendered_at IS 'When it was first rendered like this (UTC)';
COMMENT ON COLUMN issues.run_id IS 'The run that rendered it; empty when by hand';
