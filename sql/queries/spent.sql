-- Dollars of $run_id: paid, or reserved by calls whose outcome is not known.
SELECT coalesce(sum(coalesce(cost_usd, CASE WHEN status = 'failed' THEN 0 ELSE estimated_usd END)), 0.0) AS usd
FROM model_calls
WHERE run_id = $run_id;
