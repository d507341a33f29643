-- What may not be published: answers from outside, posts' and papers' texts. Rows are only added, before the facts that
-- name them; a row that no fact names is left from a run that was killed in between, and serves the next one.

CREATE TABLE payloads (
    payload_id   VARCHAR PRIMARY KEY,
    source       VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    status       INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    body         BLOB NOT NULL,
    tool         VARCHAR NOT NULL,
    retrieved_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE payloads IS 'Every answer from outside, byte for byte; everything else can be derived from it again.';
COMMENT ON COLUMN payloads.payload_id IS 'sha256: and the hash of source, url and body';
COMMENT ON COLUMN payloads.source IS 'x, twin, file, arxiv, web, robots, model, or the service that gave a record: openreview, crossref, huggingface, github';
COMMENT ON COLUMN payloads.url IS 'Address that was requested, without keys';
COMMENT ON COLUMN payloads.status IS 'HTTP status; 200 for files';
COMMENT ON COLUMN payloads.content_type IS 'Detected from the bytes, not taken from the header';
COMMENT ON COLUMN payloads.body IS 'The bytes as received, decompressed';
COMMENT ON COLUMN payloads.tool IS 'Name and version of what fetched it';
COMMENT ON COLUMN payloads.retrieved_at IS 'When these bytes first arrived (UTC)';

CREATE TABLE fetches (
    url           VARCHAR NOT NULL,
    payload_id    VARCHAR NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    moved         BOOLEAN NOT NULL,
    fetched_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (url, fetched_at)
);
COMMENT ON TABLE fetches IS 'What an address returned and when; the newest row counts. A rerun reads its payload, a later look asks the site only whether it has changed.';
COMMENT ON COLUMN fetches.url IS 'Address that was requested';
COMMENT ON COLUMN fetches.payload_id IS 'The answer in payloads';
COMMENT ON COLUMN fetches.etag IS 'The site''s ETag for this version; NULL without one';
COMMENT ON COLUMN fetches.last_modified IS 'When it last changed, as the site says; NULL when it does not say';
COMMENT ON COLUMN fetches.moved IS 'Whether the address has moved permanently; the payload''s url is the new one';
COMMENT ON COLUMN fetches.fetched_at IS 'When it was fetched or confirmed (UTC)';

CREATE TABLE post_texts (
    post_id    VARCHAR NOT NULL,
    payload_id VARCHAR NOT NULL,
    text       VARCHAR NOT NULL,
    PRIMARY KEY (post_id, payload_id)
);
COMMENT ON TABLE post_texts IS 'Texts of posts, one row for each answer that has the post. The terms of X allow publishing ids only.';
COMMENT ON COLUMN post_texts.post_id IS 'The post, as in posts';
COMMENT ON COLUMN post_texts.payload_id IS 'The answer it came in';
COMMENT ON COLUMN post_texts.text IS 'The complete text, long form included, entities unescaped';

CREATE TABLE entry_texts (
    entry_id VARCHAR PRIMARY KEY,
    blurb    VARCHAR NOT NULL
);
COMMENT ON TABLE entry_texts IS 'What the list says of an entry: somebody else''s text.';
COMMENT ON COLUMN entry_texts.entry_id IS 'The entry, as in entries';
COMMENT ON COLUMN entry_texts.blurb IS 'The text after the title';

CREATE TABLE document_texts (
    document_id VARCHAR PRIMARY KEY,
    text        VARCHAR NOT NULL
);
COMMENT ON TABLE document_texts IS 'Texts of papers that were read. They belong to their authors and may not be served again.';
COMMENT ON COLUMN document_texts.document_id IS 'The document, as in documents';
COMMENT ON COLUMN document_texts.text IS 'Plain text that all offsets refer to, in Unicode characters';
