-- The parts $first_part to $last_part of a body.
SELECT bytes FROM raw.payload_parts WHERE part BETWEEN $first_part AND $last_part ORDER BY part;
