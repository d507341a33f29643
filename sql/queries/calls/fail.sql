-- Records that $call_id ended with an error.
UPDATE model_calls SET status = 'failed', answered_at = $answered_at, message = $message, error = $error
WHERE call_id = $call_id;
