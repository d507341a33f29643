-- Documents of $sighting_id without an explanation in $language; an extract counts only without a key.
SELECT d.document_id, min(e.rank) AS rank
FROM entries AS e
JOIN current_resolutions AS r USING (entry_id)
JOIN current_documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
LEFT JOIN current_generations AS g
    ON g.document_id = d.document_id AND g.language = $language AND (g.kind = 'explain' OR NOT $has_key)
WHERE e.sighting_id = $sighting_id AND g.generation_id IS NULL
GROUP BY ALL
ORDER BY rank;
