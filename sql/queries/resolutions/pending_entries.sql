-- Entries of $sighting_id without a paper, except those whose links all failed for a lasting reason.
SELECT e.entry_id, e.rank, e.title
FROM entries AS e
LEFT JOIN current_resolutions AS r USING (entry_id)
WHERE e.sighting_id = $sighting_id AND r.paper_id IS NULL
    AND (
        r.entry_id IS NULL
        OR NOT EXISTS (FROM links AS l WHERE l.entry_id = e.entry_id AND l.role <> 'post')
        OR EXISTS (
            FROM links AS l
            WHERE l.entry_id = e.entry_id AND l.role <> 'post'
                AND NOT EXISTS (
                    FROM link_checks AS c
                    WHERE c.entry_id = l.entry_id AND c.url = l.canonical AND c.state <> 'unreachable'
                )
        )
    )
ORDER BY e.rank, e.entry_id;
