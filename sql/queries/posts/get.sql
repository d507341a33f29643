-- One post by $post_id.
SELECT post_id, payload_id, posted_at, forgotten_at FROM posts WHERE post_id = $post_id;
