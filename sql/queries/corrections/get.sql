-- The correction $correction_id.
SELECT correction_id FROM corrections WHERE correction_id = $correction_id;
