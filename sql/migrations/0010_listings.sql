-- What an article says of its list, and how many entries it was to have, is kept with each week. Release 0.1 knew one
-- list; what it said of it follows. Weeks of digests of the home get what their entries say now (see listings.py).

CREATE TABLE listings (
    digest    VARCHAR NOT NULL,
    week      VARCHAR NOT NULL,
    account   VARCHAR NOT NULL,
    series    VARCHAR NOT NULL,
    entries   INTEGER NOT NULL,
    titles    VARCHAR NOT NULL,
    listed_at TIMESTAMPTZ NOT NULL,
    run_id    VARCHAR NOT NULL,
    PRIMARY KEY (digest, week, listed_at)
);
INSERT INTO listings BY NAME
SELECT
    digest, week, 'dair_ai' AS account, 'Papers of the Week' AS series, 10 AS entries,
    '{"ja": "最新論文ノート:【{starts_on}~ {ends_on}】", "en": "Notes on recent papers: {starts_on} to {ends_on}"}' AS titles,
    max(observed_at) AS listed_at, max_by(run_id, observed_at) AS run_id
FROM sightings
WHERE digest = 'dair_ai'
GROUP BY digest, week;
COMMENT ON TABLE listings IS 'What the digest''s entry said when a week was listed; the newest row of a week counts, whatever the entry says today.';
COMMENT ON COLUMN listings.digest IS 'Name of the digest, as in digests.toml';
COMMENT ON COLUMN listings.week IS 'The week';
COMMENT ON COLUMN listings.account IS 'The account on X that the article links';
COMMENT ON COLUMN listings.series IS 'Name of the list, for readers';
COMMENT ON COLUMN listings.entries IS 'How many entries the list was to have';
COMMENT ON COLUMN listings.titles IS 'The article''s titles by language, as JSON; a language that is not there has its own';
COMMENT ON COLUMN listings.listed_at IS 'When (UTC)';
COMMENT ON COLUMN listings.run_id IS 'The run that listed it';
