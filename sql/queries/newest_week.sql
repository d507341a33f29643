-- The newest week in the archive.
SELECT max(week) AS week FROM weeks;
