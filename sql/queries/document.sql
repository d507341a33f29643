-- One document with its text, by $document_id.
SELECT d.*, t.text
FROM documents AS d
JOIN raw.document_texts AS t USING (document_id)
WHERE d.document_id = $document_id;
