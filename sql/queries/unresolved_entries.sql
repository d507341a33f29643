-- Entries of $sighting_id that have no paper yet.
SELECT e.entry_id, e.rank, e.title
FROM entries AS e
LEFT JOIN current_resolutions AS r USING (entry_id)
WHERE e.sighting_id = $sighting_id AND r.paper_id IS NULL
ORDER BY e.rank, e.entry_id;
