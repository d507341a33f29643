-- The current resolution of $entry_id.
SELECT resolution_id, entry_id, paper_id, version, method, confidence, evidence, resolved_at
FROM current_resolutions
WHERE entry_id = $entry_id;
