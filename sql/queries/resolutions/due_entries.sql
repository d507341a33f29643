-- Entries without an arXiv paper that are due to be looked up again at $as_of: once 7 and once 30 days after their
-- first resolution; with $every all of them. Only those of $week, unless that is NULL.
WITH bound AS (
    SELECT w.week, w.sighting_id, w.entry_id, w.rank, w.nickname, w.title, w.paper_id, w.version, w.document_id,
        (SELECT min(r.resolved_at) FROM resolutions AS r WHERE r.entry_id = w.entry_id) AS first_at,
        (SELECT max(l.looked_at) FROM looks AS l WHERE l.entry_id = w.entry_id) AS last_look
    FROM bound_entries AS w
    LEFT JOIN papers AS p USING (paper_id)
    WHERE w.digest = getvariable('digest') AND coalesce(p.kind, 'web') = 'web' AND (w.week = $week OR $week IS NULL)
)
SELECT week, sighting_id, entry_id, rank, coalesce(nullif(title, ''), nickname) AS name, paper_id, version, document_id
FROM bound
WHERE first_at IS NOT NULL
    AND (
        $every
        OR ($as_of >= first_at + INTERVAL 7 DAY AND (last_look IS NULL OR last_look < first_at + INTERVAL 7 DAY))
        OR ($as_of >= first_at + INTERVAL 30 DAY AND (last_look IS NULL OR last_look < first_at + INTERVAL 30 DAY))
    )
ORDER BY week, rank;
