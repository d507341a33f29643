-- An error of one of the calls of $run_id that every further call would share.
SELECT error, message FROM model_calls
WHERE run_id = $run_id AND status = 'failed' AND error IN ('OutOfCredit', 'AccessDenied')
LIMIT 1;
