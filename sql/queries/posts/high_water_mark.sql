-- The newest post up to which $week was read from $watch without a gap; no row before the first complete reading, or when
-- all answers of X from that time are gone.
SELECT post_id FROM high_water_marks
WHERE digest = getvariable('digest') AND watch = $watch AND week = $week
    AND noted_at >= (SELECT min(retrieved_at) FROM raw.payloads WHERE source = 'x')
ORDER BY noted_at DESC
LIMIT 1;
