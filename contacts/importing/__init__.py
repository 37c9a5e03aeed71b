"""How does a list of contacts come into the directory?"""
