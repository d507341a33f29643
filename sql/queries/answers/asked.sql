-- Readers' questions about $document_id in $language, with answers and quotes, newest first.
SELECT question, answer, status, repaired, reason, quotes, model, label, asked_at, question_id, language, generation_id
FROM reader_questions
WHERE document_id = $document_id AND language = $language
ORDER BY asked_at DESC;
