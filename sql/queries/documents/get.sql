-- One document with its text, by $document_id.
SELECT
    d.document_id, d.paper_id, d.version, d.grounding, d.format, d.url, t.text, d.payload_id, d.note,
    coalesce(d.quality, 1.0) AS quality
FROM documents AS d
JOIN raw.document_texts AS t USING (document_id)
WHERE d.document_id = $document_id;
