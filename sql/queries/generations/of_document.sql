-- Generations of $kind of $document_id in $language, oldest first; a good one whose reply is gone is unreadable.
SELECT g.generation_id, g.kind, g.language, g.model, g.prompt_version, g.prompt_hash, g.paper_id, g.document_id, g.repairs, g.run_id,
    g.label, if(g.status = 'good' AND g.payload_id IS NOT NULL AND p.payload_id IS NULL, 'unreadable', g.status) AS status,
    g.reason, g.payload_id
FROM generations AS g
LEFT JOIN raw.payloads AS p ON p.payload_id = g.payload_id
WHERE g.document_id = $document_id AND g.language = $language AND g.kind = $kind
ORDER BY g.generated_at;
