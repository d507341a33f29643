-- Saves $text of $post_id; the newest text of an edited post replaces the one before.
INSERT INTO raw.post_texts VALUES ($post_id, $text)
ON CONFLICT (post_id) DO UPDATE SET text = excluded.text;
