-- Calls and dollars of $run_id.
SELECT count(*) AS calls, sum(cost_usd) AS cost_usd FROM model_calls WHERE run_id = $run_id AND status = 'answered';
