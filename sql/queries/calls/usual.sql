-- Mean prompt tokens of explanations in the archive, and seconds of those by $model that were calls of their own; NULL without any.
SELECT
    avg(input_tokens + cache_write_tokens + cache_read_tokens) AS input_tokens,
    avg(epoch(answered_at - asked_at)) FILTER (batch_key IS NULL AND model = $model) AS seconds
FROM model_calls
WHERE kind = 'explain' AND status = 'answered';
