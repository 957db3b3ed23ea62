"""Memory: tables, queries, transactions and migrations. The only SQL."""
