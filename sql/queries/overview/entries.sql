-- One row for each entry of $week: its paper, document, explanation in $language, counts of answers, and cost.
SELECT
    w.rank, w.nickname, w.title, w.paper_id, w.version, w.method, w.resolved_by, w.published_on, w.url,
    w.source, w.grounding, w.document_note, w.may_improve, x.label, x.tldr,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = x.generation_id) AS questions,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = x.generation_id AND q.status <> 'not in paper') AS answered,
    (SELECT count(*) FROM current_answers AS q WHERE q.generation_id = x.generation_id AND q.status = 'verified') AS verified,
    (
        SELECT sum(c.cost_usd)
        FROM model_calls AS c
        JOIN generations AS g USING (generation_id)
        WHERE g.document_id = w.document_id AND g.language = $language AND g.kind <> 'ask'
    ) AS cost_usd
FROM bound_entries AS w
LEFT JOIN explanations AS x ON x.document_id = w.document_id AND x.language = $language
WHERE w.digest = getvariable('digest') AND w.week = $week
ORDER BY w.rank;
