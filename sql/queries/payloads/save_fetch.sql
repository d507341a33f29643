-- Records the newest payload of $url, in place of an earlier row.
INSERT OR REPLACE INTO raw.fetches BY NAME
SELECT $url AS url, $payload_id AS payload_id, $etag AS etag, $last_modified AS last_modified, $moved AS moved,
    $fetched_at AS fetched_at;
