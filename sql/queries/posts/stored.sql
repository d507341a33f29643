-- Ids of posts that were not forgotten, oldest first.
SELECT post_id FROM posts WHERE forgotten_at IS NULL ORDER BY post_id::HUGEINT;
