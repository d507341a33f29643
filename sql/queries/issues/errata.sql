-- Corrections of the work that $entry_id is bound to: the work before, and when it was corrected.
WITH steps AS (
    SELECT r.paper_id, r.resolved_at,
        lag(r.paper_id) OVER (ORDER BY r.resolved_at, r.resolution_id) AS before_id,
        lag(v.url) OVER (ORDER BY r.resolved_at, r.resolution_id) AS before_url
    FROM resolutions AS r
    LEFT JOIN paper_versions AS v ON v.paper_id = r.paper_id AND v.version = r.version
    WHERE r.entry_id = $entry_id AND r.paper_id IS NOT NULL
)
SELECT resolved_at, before_id, before_url
FROM steps
WHERE before_id <> paper_id
ORDER BY resolved_at;
