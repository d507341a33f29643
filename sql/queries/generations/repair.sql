-- The newest repair of $generation_id.
SELECT generation_id, kind, language, model, prompt_version, prompt_hash, paper_id, document_id, repairs, run_id, label, status,
    reason, payload_id
FROM generations
WHERE kind = 'repair' AND repairs = $generation_id
ORDER BY generated_at DESC
LIMIT 1;
