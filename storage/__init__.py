"""What is remembered. Knows rows, not cards."""
