"""The answer to a question: a plan, how sure it is, and why each site is in it, as one document."""
