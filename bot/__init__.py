"""What the product does. Knows no chat platform and no HTTP."""
