"""The pages of the guidelines and of the common positions."""
