-- The second reader's readable replies about answers of $generation_id, oldest first.
SELECT generation_id, kind, language, model, prompt_version, prompt_hash, paper_id, document_id, repairs, run_id, label, status,
    reason, payload_id
FROM generations
WHERE kind = 'review' AND repairs = $generation_id AND status = 'good'
ORDER BY generated_at;
