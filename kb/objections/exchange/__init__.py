"""Cards as files: Markdown, CSV, XLSX and JSON Lines in and out, and what a file would change."""
