"""Who takes part in the tests? One fixture for each person, named by role."""
