-- Corrections on $paper_id in $language of questions that its current explanation, $generation_id, no longer asks.
SELECT c.question, c.answer AS corrected, c.author AS corrected_by, c.reason AS correction_reason, c.corrected_at
FROM current_corrections AS c
LEFT JOIN questions AS q USING (question_id)
LEFT JOIN generations AS g USING (generation_id)
WHERE c.paper_id = $paper_id AND coalesce(g.language, $language) = $language AND coalesce(g.kind, 'explain') <> 'ask'
    AND NOT EXISTS (FROM questions AS q WHERE q.generation_id = $generation_id AND q.question = c.question)
ORDER BY c.corrected_at;
