"""How does the history of requests come in from a spreadsheet?"""
