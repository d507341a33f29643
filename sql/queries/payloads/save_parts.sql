-- Saves $body in parts, the first of which has the number $first_part.
INSERT INTO raw.payload_parts
SELECT $first_part + number, raw.part_of($body::BLOB, number)
FROM range(raw.number_of_parts($size)) AS numbers(number);
