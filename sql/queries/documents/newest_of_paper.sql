-- The current document of the newest version of $paper_id.
SELECT document_id FROM current_documents WHERE paper_id = $paper_id ORDER BY version DESC LIMIT 1;
