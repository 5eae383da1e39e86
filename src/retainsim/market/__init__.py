"""The market: people, firms, and the rules of one month."""
