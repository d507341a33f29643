-- Payloads with posts from $first up to, not including, $last; forgotten ones are excluded.
SELECT DISTINCT payload_id
FROM posts
SEMI JOIN raw.payloads USING (payload_id)
WHERE posted_at >= $first AND posted_at < $last
ORDER BY payload_id;
