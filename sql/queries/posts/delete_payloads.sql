-- Removes the payloads $payload_ids.
DELETE FROM raw.payloads WHERE payload_id IN (SELECT unnest($payload_ids));
