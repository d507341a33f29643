-- The repair of $generation_id, if one was made.
SELECT generation_id, status, payload_id FROM generations WHERE kind = 'repair' AND repairs = $generation_id
ORDER BY generated_at DESC
LIMIT 1;
