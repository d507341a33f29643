-- Those of $generation_ids that are there.
SELECT generation_id FROM generations WHERE list_contains($generation_ids, generation_id);
