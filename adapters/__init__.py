"""How each chat platform says things and hears them."""
