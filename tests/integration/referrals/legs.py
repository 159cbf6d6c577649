"""What the tests of a leg's page share."""

from django.urls import reverse

from referrals.choices import Move


def page(browser, path):
    response = browser.get(path)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


def move_url(leg, move):
    return reverse("referrals:move", args=[leg.public_id, move])


def moves_in(html, leg):
    return {move.value for move in Move if f'"{move_url(leg, move)}"' in html}
