-- Posts and users read from X by $run_id, and dollars paid for them.
SELECT coalesce(sum(posts), 0)::INTEGER AS posts, coalesce(sum(users), 0)::INTEGER AS users, count(*)::INTEGER AS requests,
    coalesce(sum(cost_usd), 0.0) AS cost_usd
FROM x_reads
WHERE run_id = $run_id;
