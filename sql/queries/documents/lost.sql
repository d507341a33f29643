-- Versions of $paper_id that were read and whose texts are gone, with how well they were read; newest first.
SELECT version, grounding
FROM current_documents
ANTI JOIN raw.document_texts USING (document_id)
WHERE paper_id = $paper_id
ORDER BY version DESC;
