-- Current sightings with papers that a later reading may improve; only that of $week, unless it is NULL.
SELECT DISTINCT b.week, b.sighting_id
FROM bound_entries AS b
WHERE b.digest = getvariable('digest') AND b.may_improve AND (b.week = $week OR $week IS NULL)
ORDER BY b.week;
