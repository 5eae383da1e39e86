"""What customers are worth, how they stand with us and what they cost, as scores that say what they are made of."""
