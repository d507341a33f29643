-- The length of $document_id in characters.
SELECT characters FROM documents WHERE document_id = $document_id;
