-- Papers of $sighting_id without a document, with one whose text is gone, or one that a later reading may improve.
SELECT DISTINCT r.paper_id, r.version, min(e.rank) AS rank
FROM entries AS e
JOIN current_resolutions AS r USING (entry_id)
LEFT JOIN current_documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
LEFT JOIN raw.document_texts AS t USING (document_id)
LEFT JOIN current_readings AS g ON g.paper_id = r.paper_id AND g.version = r.version
WHERE e.sighting_id = $sighting_id AND r.paper_id IS NOT NULL
    AND (t.document_id IS NULL OR coalesce(g.may_improve, false))
GROUP BY ALL
ORDER BY rank;
