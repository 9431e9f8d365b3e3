"""The whole way, with nothing left out: the real app, real mail servers, a real browser."""
