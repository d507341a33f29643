-- Why $run_id makes no further call: an error of one of its calls that every other would meet as well.
SELECT error, message FROM model_calls
WHERE run_id = $run_id AND status = 'failed' AND error IN ('OutOfCredit', 'AccessDenied')
LIMIT 1;
