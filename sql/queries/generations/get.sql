-- One generation by $generation_id.
SELECT generation_id, kind, language, model, prompt_version, prompt_hash, paper_id, document_id, repairs, run_id, label, status,
    reason, payload_id
FROM generations
WHERE generation_id = $generation_id;
