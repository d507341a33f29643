-- Batches that are awaited, oldest first.
SELECT batch_key, batch_id, requests, reserved_at, submitted_at FROM batches WHERE ended_at IS NULL ORDER BY reserved_at;
