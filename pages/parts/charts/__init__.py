"""Charts that say what they found: each is a pure function of a frame, in the look it is given."""
