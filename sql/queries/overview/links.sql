-- The newest check of each link of $week that was opened.
SELECT w.rank, c.url, c.state, c.reason, c.read_at, c.checked_at
FROM link_checks AS c
JOIN bound_entries AS w USING (entry_id)
WHERE w.digest = getvariable('digest') AND w.week = $week
QUALIFY row_number() OVER (PARTITION BY c.entry_id, c.url ORDER BY c.checked_at DESC) = 1
ORDER BY w.rank, c.url;
