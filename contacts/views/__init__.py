"""What is shown and taken of posts and of fleets?"""
