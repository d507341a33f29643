-- A second reader's replies about answers of $generation_id that count.
SELECT generation_id, payload_id FROM generations
WHERE kind = 'review' AND repairs = $generation_id AND status = 'good'
ORDER BY generated_at;
