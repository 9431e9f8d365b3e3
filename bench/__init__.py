"""Speed, scale and fault figures: `make bench`."""
