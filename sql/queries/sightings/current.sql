-- The current sighting of $week; no row when the week was never seen.
SELECT sighting_id, week, source, heading, starts_on, ends_on, reference, observed_at
FROM current_sightings
WHERE digest = getvariable('digest') AND week = $week;
