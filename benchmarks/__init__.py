"""Speed, measured beside peers in one run; never a timed test."""
