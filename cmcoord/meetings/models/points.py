"""What was agreed to be done, by whom, until when?"""
