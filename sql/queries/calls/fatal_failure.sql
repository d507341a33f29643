-- An error of a call of $run_id, or of the run it is a part of, that every further call would share.
SELECT error, message FROM model_calls
WHERE split_part(run_id, '/', 1) = split_part($run_id, '/', 1) AND status = 'failed' AND error IN ('OutOfCredit', 'AccessDenied')
LIMIT 1;
