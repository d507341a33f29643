-- Records that no call of $batch_key is awaited any more.
UPDATE batches SET ended_at = $ended_at WHERE batch_key = $batch_key;
