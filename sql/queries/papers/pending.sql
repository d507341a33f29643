-- Papers of $sighting_id without a document, or with one whose text is gone.
SELECT DISTINCT r.paper_id, r.version, min(e.rank) AS rank
FROM entries AS e
JOIN current_resolutions AS r USING (entry_id)
LEFT JOIN current_documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
LEFT JOIN raw.document_texts AS t USING (document_id)
WHERE e.sighting_id = $sighting_id AND r.paper_id IS NOT NULL AND t.document_id IS NULL
GROUP BY ALL
ORDER BY rank;
