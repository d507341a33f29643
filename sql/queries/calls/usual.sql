-- Mean prompt tokens of all explanations, and for those of $model mean output, thinking included, and mean seconds of single
-- calls; NULL without any.
SELECT
    avg(input_tokens + cache_write_tokens + cache_read_tokens) AS input_tokens,
    avg(output_tokens) FILTER (model = $model) AS output_tokens,
    avg(epoch(answered_at - asked_at)) FILTER (batch_key IS NULL AND model = $model) AS seconds
FROM model_calls
WHERE kind = 'explain' AND status = 'answered';
