-- Sections of $document_id in order.
SELECT title, start_char AS start, end_char AS "end", page
FROM sections
WHERE document_id = $document_id
ORDER BY position;
