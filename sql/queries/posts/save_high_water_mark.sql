-- Records that $week was read from $watch without a gap up to $post_id.
INSERT INTO high_water_marks VALUES ($watch, $week, $post_id, $noted_at)
ON CONFLICT (watch, week) DO UPDATE SET post_id = excluded.post_id, noted_at = excluded.noted_at;
