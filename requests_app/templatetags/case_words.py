"""How is a decision or a signature said in a template?"""

from django import template

from cmcoord.activity.sentences import function_of
from requests_app import case_page

register = template.Library()

register.filter("decision_line", case_page.decision_line)
register.filter("in_person_for_own", case_page.in_person_for_own)
register.filter("signed_by", case_page.signed_by)
register.filter("signed_at", case_page.signed_at)
register.filter("function_of", function_of)
