-- One entry by $entry_id.
SELECT e.entry_id, e.rank, e.title, coalesce(t.blurb, '') AS blurb
FROM entries AS e
LEFT JOIN raw.entry_texts AS t USING (entry_id)
WHERE e.entry_id = $entry_id;
