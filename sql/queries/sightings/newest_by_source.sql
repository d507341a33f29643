-- The newest sighting of $week by each source.
SELECT sighting_id, source, heading, starts_on, ends_on, reference
FROM sightings
WHERE digest = getvariable('digest') AND week = $week
QUALIFY row_number() OVER (PARTITION BY source ORDER BY observed_at DESC, sighting_id) = 1
ORDER BY source DESC;
