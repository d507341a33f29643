-- The number of the next revision of $week in $language and $format.
SELECT coalesce(max(revision), 0) + 1 AS revision
FROM issues
WHERE digest = getvariable('digest') AND week = $week AND language = $language AND format = $format;
