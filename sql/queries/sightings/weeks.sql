-- All weeks of the digest in order.
SELECT week FROM weeks WHERE digest = getvariable('digest') ORDER BY week;
