-- Questions and answers of $generation_id in order, with their quotes and corrections.
SELECT q.position, q.question, q.answer, q.status, q.reason, q.repaired,
    c.answer AS corrected, c.author AS corrected_by, c.reason AS correction_reason, c.corrected_at,
    list({quote: v.quote, match: v.match, section: v.section, page: v.page} ORDER BY v.position)
        FILTER (v.quote IS NOT NULL) AS quotes
FROM current_answers AS q
LEFT JOIN current_corrections AS c ON c.paper_id = q.paper_id AND c.question = q.question
LEFT JOIN evidence AS v ON v.question_id = q.question_id
WHERE q.generation_id = $generation_id
GROUP BY ALL
ORDER BY q.position;
