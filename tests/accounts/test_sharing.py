"""What is shared object by object: with one person, for one permission, and cheap whatever else there is."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from requests_app.models import Case
from tests.factories import complete_draft

VIEW = "view_case"


def shared(user):
    return set(Case.objects.filter(pk__in=scope.shared_ids(user, Case, VIEW)).values_list("pk", flat=True))


def test_a_shared_object_is_shared_with_one_person_for_one_permission(requester_bria, donor, nobody):
    case, other = complete_draft(requester_bria), complete_draft(requester_bria)
    scope.share(case, VIEW, user=donor)
    scope.share(other, "change_case", user=donor)
    assert shared(donor) == {case.pk}
    assert shared(nobody) == set()
    assert list(scope.shared_with(case, VIEW)) == [donor]


def test_sharing_twice_is_sharing_once(requester_bria, donor):
    case = complete_draft(requester_bria)
    scope.share(case, VIEW, user=donor)
    scope.share(case, VIEW, user=donor)
    assert list(scope.shared_ids(donor, Case, VIEW).values_list("content_object", flat=True)) == [case.pk]


def test_a_deactivated_account_has_nothing_shared(requester_bria, donor):
    scope.share(complete_draft(requester_bria), VIEW, user=donor)
    User.objects.filter(pk=donor.pk).update(is_active=False)
    assert shared(User.objects.get(pk=donor.pk)) == set()


def test_sharing_gives_no_right_of_a_role(requester_bria, donor):
    case = complete_draft(requester_bria)
    scope.share(case, VIEW, user=donor)
    assert not any(donor.has_perm(perm, case) for perm in ("view_case", "review_case", "decide_case", "file_case"))


def test_the_question_is_one_query_that_does_not_walk_through_the_objects(requester_bria, donor):
    scope.share(complete_draft(requester_bria), VIEW, user=donor)
    with CaptureQueriesContext(connection) as queries:
        list(scope.shared_ids(donor, Case, VIEW))
    assert len(queries) == 1
    assert '"requests_app_case"' not in queries[0]["sql"]
