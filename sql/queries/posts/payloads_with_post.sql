-- Payloads of X whose bytes name the post in $needle, a quoted id.
SELECT payload_id FROM raw.payloads WHERE source = 'x' AND contains(decode(body), $needle);
