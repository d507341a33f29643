-- Ids and addresses of all payloads of $source, oldest first.
SELECT payload_id, url FROM raw.payloads WHERE source = $source ORDER BY retrieved_at;
