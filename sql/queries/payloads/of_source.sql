-- Ids of all payloads of $source.
SELECT payload_id FROM raw.payloads WHERE source = $source ORDER BY retrieved_at;
