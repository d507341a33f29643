-- Removes the blurbs of entries that are part of the text of $post_id.
DELETE FROM raw.entry_texts
WHERE blurb <> '' AND EXISTS (SELECT 1 FROM raw.post_texts AS t WHERE t.post_id = $post_id AND contains(t.text, blurb));
