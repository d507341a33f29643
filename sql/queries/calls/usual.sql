-- Mean prompt tokens of all explanations, and mean seconds of single calls to $model for them; NULL without any.
SELECT
    avg(input_tokens + cache_write_tokens + cache_read_tokens) AS input_tokens,
    avg(epoch(answered_at - asked_at)) FILTER (batch_key IS NULL AND model = $model) AS seconds
FROM model_calls
WHERE kind = 'explain' AND status = 'answered';
