-- Why the newest call for $generation_id failed; no row when none did.
SELECT error, message FROM model_calls
WHERE generation_id = $generation_id AND status = 'failed'
ORDER BY answered_at DESC
LIMIT 1;
