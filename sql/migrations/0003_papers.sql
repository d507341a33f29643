-- From a link to the paper: what was fetched and when, what became of each link, what else it could have been,
-- and when a binding was looked at again.

CREATE TABLE raw.fetches (
    url           VARCHAR PRIMARY KEY,
    payload_id    VARCHAR NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    moved         BOOLEAN NOT NULL,
    fetched_at    TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE raw.fetches IS 'What an address gave last; a rerun takes it from here, a later look asks the site only whether it changed. Private.';
COMMENT ON COLUMN raw.fetches.url IS 'The address that was asked for';
COMMENT ON COLUMN raw.fetches.payload_id IS 'The answer in raw.payloads';
COMMENT ON COLUMN raw.fetches.etag IS 'The site''s own name for this version, if it has one';
COMMENT ON COLUMN raw.fetches.last_modified IS 'When it changed last, as the site says';
COMMENT ON COLUMN raw.fetches.moved IS 'Whether the address has moved for good; the payload''s url is where to';
COMMENT ON COLUMN raw.fetches.fetched_at IS 'When it was fetched or confirmed last (UTC)';

CREATE TABLE link_checks (
    entry_id   VARCHAR NOT NULL,
    url        VARCHAR NOT NULL,
    state      VARCHAR NOT NULL CHECK (state IN ('read', 'moved', 'dead', 'paywalled', 'script only', 'robots', 'refused', 'no text', 'unreachable')),
    reason     VARCHAR NOT NULL,
    read_at    VARCHAR,
    checked_at TIMESTAMPTZ NOT NULL,
    run_id     VARCHAR NOT NULL,
    PRIMARY KEY (entry_id, url, checked_at)
);
COMMENT ON TABLE link_checks IS 'What became of opening an entry''s links. Links to arXiv need no opening and have no row.';
COMMENT ON COLUMN link_checks.entry_id IS 'The entry';
COMMENT ON COLUMN link_checks.url IS 'The link in canonical form';
COMMENT ON COLUMN link_checks.state IS 'read, moved (read elsewhere), dead, paywalled, script only, robots, refused, no text or unreachable';
COMMENT ON COLUMN link_checks.reason IS 'Why it was not read, in a sentence; empty when it was';
COMMENT ON COLUMN link_checks.read_at IS 'The address it ended at; NULL when it was not read';
COMMENT ON COLUMN link_checks.checked_at IS 'The run''s as_of (UTC)';
COMMENT ON COLUMN link_checks.run_id IS 'The run that looked';

CREATE TABLE candidates (
    resolution_id VARCHAR NOT NULL,
    position      INTEGER NOT NULL,
    arxiv_id      VARCHAR NOT NULL,
    score         DOUBLE NOT NULL,
    why           VARCHAR NOT NULL,
    PRIMARY KEY (resolution_id, position)
);
COMMENT ON TABLE candidates IS 'The arXiv ids a resolution was chosen from, the likeliest first.';
COMMENT ON COLUMN candidates.resolution_id IS 'The resolution';
COMMENT ON COLUMN candidates.position IS 'From 1';
COMMENT ON COLUMN candidates.arxiv_id IS 'The id, with its version when one was named';
COMMENT ON COLUMN candidates.score IS 'How likely it is the work''s own; 1 is enough to be considered';
COMMENT ON COLUMN candidates.why IS 'The signals behind the score';

CREATE TABLE looks (
    entry_id  VARCHAR NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL,
    changed   BOOLEAN NOT NULL,
    run_id    VARCHAR NOT NULL,
    PRIMARY KEY (entry_id, looked_at)
);
COMMENT ON TABLE looks IS 'When an entry without a paper on arXiv was looked at again, as papers follow their pages.';
COMMENT ON COLUMN looks.entry_id IS 'The entry';
COMMENT ON COLUMN looks.looked_at IS 'The run''s as_of (UTC)';
COMMENT ON COLUMN looks.changed IS 'Whether it was bound to something else or its text had changed';
COMMENT ON COLUMN looks.run_id IS 'The run that looked';

ALTER TABLE paper_versions ADD COLUMN licence VARCHAR;
COMMENT ON COLUMN paper_versions.licence IS 'Address of the licence; only arXiv''s OAI-PMH route tells it';

ALTER TABLE documents ADD COLUMN quality DOUBLE;
COMMENT ON COLUMN documents.quality IS 'Share of the text that reads as prose, 0 to 1; below 0.5 the next source is taken instead';

COMMENT ON COLUMN raw.payloads.source IS 'x, twin, file, arxiv, web, robots, model, or the service that gave a record: openreview, crossref, huggingface, github';
COMMENT ON COLUMN papers.paper_id IS 'Scheme and value without version: arxiv:2404.02258, doi:10.1038/s41587-022-01618-2, openreview:rAnB7JSMXL, acl:2023.acl-long.656, pmlr:v139/radford21a, else url:https://swe-agent.com/';
COMMENT ON COLUMN papers.kind IS 'arxiv, or web for a work that is elsewhere';
COMMENT ON COLUMN resolutions.method IS 'arxiv link, arxiv id on the page, arxiv stamp on the PDF, title search, openreview, doi record, pdf, project page, web page or unresolved';
