"""The firm: who works for it, what it offers and competitors ask, its programmes, campaigns and experiments."""
