-- What the model and X cost in $week (in all weeks when NULL), by week, kind and model; the kind x counts requests as calls.
SELECT week, kind, model, calls, unanswered, input_tokens, cache_write_tokens, cache_read_tokens, output_tokens, cost_usd, unanswered_usd
FROM costs
WHERE digest = getvariable('digest') AND (week = $week OR $week IS NULL)
UNION ALL
SELECT r.week, 'x', 'X API', count(*), 0, NULL, NULL, NULL, NULL, sum(x.cost_usd), NULL
FROM x_reads AS x
JOIN runs AS r USING (run_id)
WHERE r.digest = getvariable('digest') AND (r.week = $week OR $week IS NULL)
GROUP BY r.week
ORDER BY week, kind, model;
