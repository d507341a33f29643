-- Removes the bodies of the payloads $payload_ids.
DELETE FROM raw.payload_parts
USING raw.payloads AS p
WHERE part BETWEEN p.first_part AND p.last_part AND list_contains($payload_ids, p.payload_id);
