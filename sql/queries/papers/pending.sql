-- Papers of $sighting_id without a document.
SELECT DISTINCT r.paper_id, r.version, min(e.rank) AS rank
FROM entries AS e
JOIN current_resolutions AS r USING (entry_id)
LEFT JOIN documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
WHERE e.sighting_id = $sighting_id AND r.paper_id IS NOT NULL AND d.document_id IS NULL
GROUP BY ALL
ORDER BY rank;
