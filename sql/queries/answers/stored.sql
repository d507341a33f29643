-- The answers of $generation_id with their current status, and their quotes in order.
SELECT q.question_id, q.position, q.question, q.answer, q.status, q.reason, q.repaired,
    coalesce(list(v.quote ORDER BY v.position) FILTER (v.quote IS NOT NULL), []) AS quotes
FROM current_answers AS q
LEFT JOIN evidence AS v USING (question_id)
WHERE q.generation_id = $generation_id
GROUP BY ALL
ORDER BY q.position;
