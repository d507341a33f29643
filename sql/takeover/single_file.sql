-- Copies the private texts of an archive that has them beside its facts to the private file, which is attached as `texts`.

-- A body and its parts together, so that a run that is killed in between leaves neither.
BEGIN TRANSACTION;

CREATE TEMP TABLE moving AS
SELECT payload_id, first_part::BIGINT AS first_part, (first_part + parts - 1)::BIGINT AS last_part
FROM (
    SELECT payload_id, parts, sum(parts) OVER (ORDER BY payload_id) - parts + beginning AS first_part
    FROM (SELECT payload_id, texts.main.number_of_parts(octet_length(body)) AS parts FROM archive.raw.payloads)
    ANTI JOIN texts.main.payloads USING (payload_id)
    CROSS JOIN (SELECT coalesce(max(last_part) + 1, 0) AS beginning FROM texts.main.payloads)
);

INSERT INTO texts.main.payloads BY NAME
SELECT * EXCLUDE (body), octet_length(body) AS size
FROM archive.raw.payloads
JOIN moving USING (payload_id);

INSERT INTO texts.main.payload_parts
SELECT first_part + number, texts.main.part_of(body, number)
FROM moving
JOIN archive.raw.payloads USING (payload_id), range(last_part - first_part + 1) AS numbers(number)
ORDER BY first_part + number;

DROP TABLE moving;

COMMIT;

-- Archives of the first schemas had no fetches; the migrations up to schema 7 have made the table.
INSERT INTO texts.main.fetches BY NAME SELECT * FROM archive.raw.fetches ON CONFLICT DO NOTHING;

INSERT INTO texts.main.post_texts BY NAME
SELECT t.post_id, p.payload_id, t.text
FROM archive.raw.post_texts AS t
JOIN archive.main.posts AS p USING (post_id)
ON CONFLICT DO NOTHING;

INSERT INTO texts.main.entry_texts BY NAME SELECT * FROM archive.raw.entry_texts ON CONFLICT DO NOTHING;

INSERT INTO texts.main.document_texts BY NAME SELECT * FROM archive.raw.document_texts ON CONFLICT DO NOTHING;
