-- Records when $run_id ended, with its outcome and message.
UPDATE runs SET ended_at = $ended_at, outcome = $outcome, message = $message WHERE run_id = $run_id;
