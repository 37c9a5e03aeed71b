"""What did a camera or a program write into a file about its author and place, and how does it come off?"""
