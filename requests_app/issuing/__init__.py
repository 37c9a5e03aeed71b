"""The papers that the portal makes of a request for its own side: letter, sheet and file, each with a code to check."""
