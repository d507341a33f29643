-- One post by $post_id.
SELECT p.post_id, p.payload_id, p.posted_at, f.forgotten_at
FROM posts AS p
LEFT JOIN forgotten_posts AS f USING (post_id)
WHERE p.post_id = $post_id;
