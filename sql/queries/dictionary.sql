-- Every table and view with its columns and what they mean.
SELECT c.schema_name, c.table_name, c.column_name, c.data_type, c.comment
FROM duckdb_columns() AS c
WHERE NOT c.internal AND c.database_name = current_database()
ORDER BY c.schema_name, c.table_name, c.column_index;
