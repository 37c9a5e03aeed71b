"""What does the humanitarian side alone note beside a meeting?"""
