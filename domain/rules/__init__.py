"""The rules of supervision: the calendar, the policy and what it is made of."""
