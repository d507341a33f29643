-- What the model cost for $week, by kind of call and model.
SELECT kind, model, calls, unanswered, input_tokens, cache_write_tokens, cache_read_tokens, output_tokens, cost_usd, unanswered_usd
FROM costs
WHERE digest = getvariable('digest') AND week = $week
ORDER BY kind, model;
