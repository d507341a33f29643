-- The text of $paper_id that counts, of its newest version.
SELECT document_id FROM current_documents WHERE paper_id = $paper_id ORDER BY version DESC LIMIT 1;
