-- The newest payload of $source that came from $url.
SELECT payload_id, source, url, status, content_type, body, retrieved_at
FROM raw.payloads
WHERE source = $source AND url = $url
ORDER BY retrieved_at DESC
LIMIT 1;
