-- Keys of all batches.
SELECT batch_key FROM batches;
