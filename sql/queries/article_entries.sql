-- The papers of $week as the article shows them: newest first, web works first within a day, then by title.
SELECT w.*, p.kind
FROM week_entries AS w
LEFT JOIN papers AS p USING (paper_id)
WHERE w.week = $week
ORDER BY w.published_on DESC NULLS LAST, coalesce(p.kind, 'web') DESC, coalesce(w.title, w.nickname), w.rank;
