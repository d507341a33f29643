-- The newest post up to which $week was read from $watch without a gap; no row before the first complete reading.
SELECT post_id FROM high_water_marks WHERE digest = getvariable('digest') AND watch = $watch AND week = $week
ORDER BY noted_at DESC
LIMIT 1;
