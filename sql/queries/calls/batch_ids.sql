-- The service's ids of all batches that were confirmed.
SELECT batch_id FROM batches WHERE batch_id IS NOT NULL;
