"""How is the portal's speed measured? Data of a few years (data), readers of every role (people), a load (load)."""
