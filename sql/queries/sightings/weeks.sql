-- All weeks of the archive in order.
SELECT week FROM weeks ORDER BY week;
