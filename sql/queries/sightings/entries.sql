-- Entries of $sighting_id in rank order.
SELECT entry_id FROM entries WHERE sighting_id = $sighting_id ORDER BY rank, entry_id;
