"""What is true about selling, whoever asks: the funnel's rules, and the objection cards."""
