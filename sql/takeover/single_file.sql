-- Copies the private texts of an archive that has them beside its facts to the private file, which is attached as `texts`.

INSERT INTO texts.main.payloads BY NAME SELECT * FROM archive.raw.payloads ON CONFLICT DO NOTHING;

-- Archives of the first schemas had no fetches; the migrations up to schema 7 have made the table.
INSERT INTO texts.main.fetches BY NAME SELECT * FROM archive.raw.fetches ON CONFLICT DO NOTHING;

INSERT INTO texts.main.post_texts BY NAME
SELECT t.post_id, p.payload_id, t.text
FROM archive.raw.post_texts AS t
JOIN archive.main.posts AS p USING (post_id)
ON CONFLICT DO NOTHING;

INSERT INTO texts.main.entry_texts BY NAME SELECT * FROM archive.raw.entry_texts ON CONFLICT DO NOTHING;

INSERT INTO texts.main.document_texts BY NAME SELECT * FROM archive.raw.document_texts ON CONFLICT DO NOTHING;
