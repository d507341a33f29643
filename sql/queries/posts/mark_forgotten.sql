-- Records that the text of $post_id was removed.
UPDATE posts SET forgotten_at = $forgotten_at WHERE post_id = $post_id;
