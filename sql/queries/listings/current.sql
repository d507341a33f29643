-- What the digest's entry said when $week was listed last.
SELECT account, series, entries, titles
FROM current_listings
WHERE digest = getvariable('digest') AND week = $week;
