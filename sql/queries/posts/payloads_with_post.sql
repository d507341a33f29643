-- Payloads of X whose bytes contain $needle, the quoted id of a post.
SELECT payload_id FROM raw.payloads WHERE source = 'x' AND contains(decode(body), $needle);
