"""The page that every citation leads to."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from cmcoord.guidance.clauses import DOCUMENTS, of_document


@login_required
def clauses(request):
    """All clauses by document; the same for everybody who has an account, on every side."""
    documents = [(document, of_document(document)) for document in DOCUMENTS]
    return render(request, "guidance/clauses.html", {"documents": documents})
