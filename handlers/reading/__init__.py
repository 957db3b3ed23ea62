"""What a rep's words mean: dates, amounts, names and whole leads, read without any I/O."""
