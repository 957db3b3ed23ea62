"""What a person can ask for: Request -> Reply, as plain functions without platform or SQL."""
