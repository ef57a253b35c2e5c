"""What in the stored procedures an official should look at, and why."""
