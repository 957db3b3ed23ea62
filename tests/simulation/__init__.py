"""A month of a sales floor in minutes: reps at random, the real app and delivery, a set clock."""
