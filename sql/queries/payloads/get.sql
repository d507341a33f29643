-- One payload by $payload_id, without its body.
SELECT payload_id, source, url, status, content_type, size, first_part, last_part, retrieved_at
FROM raw.payloads
WHERE payload_id = $payload_id;
