-- One payload by $payload_id.
SELECT payload_id, source, url, status, content_type, body, retrieved_at FROM raw.payloads WHERE payload_id = $payload_id;
