-- Records the service's id of $batch_key.
UPDATE batches SET batch_id = $batch_id, submitted_at = $submitted_at WHERE batch_key = $batch_key;
