-- US dollars of $run_id and its parts: paid to X and the model, or reserved for calls that have no reply and may be billed.
SELECT
    (SELECT coalesce(sum(coalesce(cost_usd, CASE WHEN status = 'failed' AND error <> 'ReplyLost' THEN 0 ELSE estimated_usd END)), 0.0)
     FROM model_calls WHERE (run_id = $run_id OR starts_with(run_id, $run_id || '/')))
    + (SELECT coalesce(sum(cost_usd), 0.0) FROM x_reads WHERE (run_id = $run_id OR starts_with(run_id, $run_id || '/'))) AS usd;
