"""What was said and decided in a meeting, in one text that both chairs sign?"""
