-- The newest post of $week that was read from $watch without a gap; no row before the first whole reading.
SELECT post_id FROM high_water_marks WHERE watch = $watch AND week = $week;
