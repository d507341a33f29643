-- The papers of $week as the article in $language shows them: newest first, web works first within a day, then by title.
SELECT b.*, x.* EXCLUDE (document_id), p.kind
FROM bound_entries AS b
LEFT JOIN explanations AS x ON x.document_id = b.document_id AND x.language = $language
LEFT JOIN papers AS p USING (paper_id)
WHERE b.week = $week
ORDER BY b.published_on DESC NULLS LAST, coalesce(p.kind, 'web') DESC, coalesce(b.title, b.nickname), b.rank;
