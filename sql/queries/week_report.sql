-- One row for each entry of $week: what it came to, answers counted, dollars paid.
SELECT
    w.rank, w.nickname, w.title, w.paper_id, w.version, w.method, w.resolved_by, w.published_on, w.url,
    w.source, w.grounding, w.document_note, w.label, w.tldr,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = w.generation_id) AS questions,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = w.generation_id AND q.status <> 'not in paper') AS answered,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = w.generation_id AND q.status = 'verified') AS verified,
    (
        SELECT sum(c.cost_usd)
        FROM model_calls AS c
        JOIN generations AS g USING (generation_id)
        WHERE g.document_id = w.document_id
    ) AS cost_usd
FROM week_entries AS w
WHERE w.week = $week
ORDER BY w.rank;
