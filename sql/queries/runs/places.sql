-- The entries of $week, each with the ids of its paper, text and generations.
SELECT b.rank, coalesce(nullif(b.title, ''), b.nickname) AS title,
    list_filter(
        [b.entry_id, b.paper_id, b.document_id] || coalesce(list(g.generation_id), []), id -> id IS NOT NULL
    ) AS ids
FROM bound_entries AS b
LEFT JOIN generations AS g USING (document_id)
WHERE b.digest = getvariable('digest') AND b.week = $week
GROUP BY b.rank, b.title, b.nickname, b.entry_id, b.paper_id, b.document_id
ORDER BY b.rank;
