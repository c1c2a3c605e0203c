"""The only place with SQL: schema and migrations, the log, the rows, backups and daily files."""
