-- Whether the call for $generation_id wrote its paper to the service's cache or read it there.
SELECT 1 AS cached FROM model_calls
WHERE generation_id = $generation_id AND coalesce(cache_write_tokens, 0) + coalesce(cache_read_tokens, 0) > 0
LIMIT 1;
