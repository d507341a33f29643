-- The call for $generation_id that is awaited in a batch, if there is one.
SELECT c.call_id, c.batch_key, b.batch_id
FROM model_calls AS c
JOIN batches AS b USING (batch_key)
WHERE c.generation_id = $generation_id AND c.status = 'asked' AND b.ended_at IS NULL;
