-- Removes the text of $post_id.
DELETE FROM raw.post_texts WHERE post_id = $post_id;
