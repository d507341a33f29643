-- Bodies in parts. DuckDB writes a whole row group anew when a row is added to its last one, and a group with a few
-- thousand bodies has gigabytes.

ALTER TABLE payloads RENAME TO whole_payloads;

CREATE TABLE payloads (
    payload_id   VARCHAR PRIMARY KEY,
    source       VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    status       INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    size         BIGINT NOT NULL,
    first_part   BIGINT NOT NULL,
    last_part    BIGINT NOT NULL,
    tool         VARCHAR NOT NULL,
    retrieved_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE payloads IS 'Every answer from outside, byte for byte; everything else can be derived from it again.';
COMMENT ON COLUMN payloads.payload_id IS 'sha256: and the hash of source, url and body';
COMMENT ON COLUMN payloads.source IS 'x, twin, file, arxiv, web, robots, model, or the service that gave a record: openreview, crossref, huggingface, github';
COMMENT ON COLUMN payloads.url IS 'Address that was requested, without keys';
COMMENT ON COLUMN payloads.status IS 'HTTP status; 200 for files';
COMMENT ON COLUMN payloads.content_type IS 'Detected from the bytes, not taken from the header';
COMMENT ON COLUMN payloads.size IS 'Length of the body as received and decompressed, in bytes';
COMMENT ON COLUMN payloads.first_part IS 'Number of the body''s first part in payload_parts';
COMMENT ON COLUMN payloads.last_part IS 'Number of its last part; one less than first_part when the body is empty';
COMMENT ON COLUMN payloads.tool IS 'Name and version of what fetched it';
COMMENT ON COLUMN payloads.retrieved_at IS 'When these bytes first arrived (UTC)';

CREATE TABLE payload_parts (
    part  BIGINT NOT NULL,
    bytes BLOB NOT NULL
);
COMMENT ON TABLE payload_parts IS 'The bodies of payloads, cut into parts; a body is its parts in the order of their numbers.';
COMMENT ON COLUMN payload_parts.part IS 'Number, rising in the order in which parts were added';
COMMENT ON COLUMN payload_parts.bytes IS 'At most 8,000 bytes';

-- The length of a part stands here alone.
CREATE MACRO number_of_parts(size) AS (size + 7999) // 8000;
CREATE MACRO part_of(body, number) AS body[number * 8000 + 1 : (number + 1) * 8000];

INSERT INTO payloads
SELECT payload_id, source, url, status, content_type, octet_length(body),
    sum(number_of_parts(octet_length(body))) OVER (ORDER BY payload_id) - number_of_parts(octet_length(body)),
    sum(number_of_parts(octet_length(body))) OVER (ORDER BY payload_id) - 1,
    tool, retrieved_at
FROM whole_payloads;

INSERT INTO payload_parts
SELECT first_part + number, part_of(body, number)
FROM payloads
JOIN whole_payloads USING (payload_id), range(last_part - first_part + 1) AS numbers(number)
ORDER BY first_part + number;

DROP TABLE whole_payloads;
