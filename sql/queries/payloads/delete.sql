-- Removes the payloads $payload_ids, whose bodies are gone.
DELETE FROM raw.payloads WHERE list_contains($payload_ids, payload_id);
