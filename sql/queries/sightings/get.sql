-- The sighting $sighting_id.
SELECT sighting_id, week, source, heading, starts_on, ends_on, reference
FROM sightings
WHERE sighting_id = $sighting_id;
