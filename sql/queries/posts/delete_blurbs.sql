-- Removes the blurbs of entries that are part of the text of $post_id.
DELETE FROM raw.entry_texts
WHERE blurb <> '' AND contains((SELECT text FROM raw.post_texts WHERE post_id = $post_id), blurb);
