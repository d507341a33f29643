-- Calls of $batch_key that are awaited.
SELECT call_id, generation_id, awaited FROM model_calls WHERE batch_key = $batch_key AND status = 'asked';
