-- Answers of X that no row of x_reads names, as the run that saved them was killed.
SELECT payload_id FROM raw.payloads ANTI JOIN x_reads USING (payload_id) WHERE source = 'x' ORDER BY retrieved_at;
