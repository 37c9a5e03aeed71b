"""Which contacts between the meetings were noted, and what went to the national unit each week?"""
