-- Posts and users read from X for $week, and dollars paid for them.
SELECT coalesce(sum(posts), 0)::INTEGER AS posts, coalesce(sum(users), 0)::INTEGER AS users, count(*)::INTEGER AS requests,
    coalesce(sum(cost_usd), 0.0) AS cost_usd
FROM x_reads
JOIN runs USING (run_id)
WHERE runs.digest = getvariable('digest') AND runs.week = $week;
