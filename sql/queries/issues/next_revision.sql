-- The number the next revision of $week in $language and $format will have.
SELECT coalesce(max(revision), 0) + 1 AS revision
FROM issues
WHERE week = $week AND language = $language AND format = $format;
