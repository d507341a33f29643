-- Entries of $week that have no text yet, and may get one.
SELECT paper_id, coalesce(title, nickname) AS title
FROM bound_entries
WHERE digest = getvariable('digest') AND week = $week AND document_id IS NULL
ORDER BY rank;
