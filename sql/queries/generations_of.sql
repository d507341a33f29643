-- Generations of $kind of $document_id in $language, oldest first, with what became of them.
SELECT generation_id, kind, model, status, payload_id
FROM generations
WHERE document_id = $document_id AND language = $language AND kind = $kind
ORDER BY generated_at;
