-- The newest payload of $url with its validators; no row when it was never fetched or its payloads were deleted.
SELECT f.payload_id, f.etag, f.last_modified, f.moved, f.fetched_at
FROM raw.fetches AS f
SEMI JOIN raw.payloads AS p ON p.payload_id = f.payload_id
WHERE f.url = $url
ORDER BY f.fetched_at DESC
LIMIT 1;
