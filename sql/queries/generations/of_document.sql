-- Generations of $kind of $document_id in $language, oldest first.
SELECT generation_id, kind, language, model, prompt_version, prompt_hash, paper_id, document_id, repairs, run_id, label, status,
    reason, payload_id
FROM generations
WHERE document_id = $document_id AND language = $language AND kind = $kind
ORDER BY generated_at;
