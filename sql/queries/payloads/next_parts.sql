-- The numbers of the parts that a body of $size bytes will have.
SELECT first_part, first_part + raw.number_of_parts($size) - 1 AS last_part
FROM (SELECT coalesce(max(last_part) + 1, 0) AS first_part FROM raw.payloads);
