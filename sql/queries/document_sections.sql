-- Sections of $document_id in order.
SELECT title, start_char, end_char, page FROM sections WHERE document_id = $document_id ORDER BY position;
