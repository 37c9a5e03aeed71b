"""A passkey in a real browser: added, and touched again before an act of weight. Chromium stands in for the finger."""

import pytest

from tests.people import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_set_up_and_proves_again_that_it_is_them(settings, open_page, hc):
    settings.SECOND_FACTOR = True
    page = open_page(width=320)
    finger = page.context.new_cdp_session(page)
    finger.send("WebAuthn.enable")
    finger.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/account/login/")
    page.fill("[name=login]", "hc.car")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url("**/account/2fa/")
    page.click("text=Add a passkey")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.goto("/account/2fa/webauthn/reauthenticate/?next=/me/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/me/")
