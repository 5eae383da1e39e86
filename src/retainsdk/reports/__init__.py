"""What a book shows people: pure functions from its state to values, and from values to text."""
