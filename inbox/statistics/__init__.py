"""What a sample says, and how surely: NumPy alone, no database, no clock, no chance without a seed.

Seconds in, seconds out; shares are between 0 and 1; intervals hold 95 % unless `level` says more.
"""
