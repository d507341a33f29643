-- Papers of $week, or of all weeks without one, that were read and whose text is gone.
SELECT paper_id, version, min(rank) AS rank
FROM bound_entries
ANTI JOIN raw.document_texts USING (document_id)
WHERE document_id IS NOT NULL AND ($week IS NULL OR (digest = getvariable('digest') AND week = $week))
GROUP BY ALL
ORDER BY min(week), rank;
