"""People practise in the market that tests policies: a trainee is a policy with a face."""
