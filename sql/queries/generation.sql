-- One generation by $generation_id.
SELECT * FROM generations WHERE generation_id = $generation_id;
