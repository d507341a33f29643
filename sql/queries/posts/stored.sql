-- Ids of posts that were not forgotten, oldest first.
SELECT post_id FROM posts ANTI JOIN forgotten_posts USING (post_id) ORDER BY post_id::HUGEINT;
