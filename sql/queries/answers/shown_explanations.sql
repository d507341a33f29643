-- Explanations shown in $week (in all weeks when NULL), with their place.
SELECT week, rank, language, coalesce(title, nickname) AS title, paper_id, version, document_id, generation_id, generation_kind
FROM week_entries
WHERE digest = getvariable('digest') AND generation_id IS NOT NULL AND (week = $week OR $week IS NULL)
ORDER BY week, rank, language;
