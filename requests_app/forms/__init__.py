"""Forms of a request, one file for each kind of page; a form owns its layout."""
