"""What happened, who has to hear of it, and whether they did."""
