-- A row if the call for $generation_id wrote to the service's prompt cache or read from it.
SELECT 1 AS cached FROM model_calls
WHERE generation_id = $generation_id AND coalesce(cache_write_tokens, 0) + coalesce(cache_read_tokens, 0) > 0
LIMIT 1;
