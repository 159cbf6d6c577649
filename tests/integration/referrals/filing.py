"""What the tests of the filing page share."""

from tests import worlds

NEW = "/referrals/new/"


def typed(world, **more):
    """What a page of the township holds for a complete referral of somebody new."""
    return {
        "idempotency_key": "page-1",
        "house": str(world.township.public_id),
        "id_type": "01",
        "id_number": worlds.id_number(7),
        "name": "赵玉梅",
        "phone": "13900000007",
        "direction": "up",
        "urgency": "urgent",
        "receiver": str(world.county.public_id),
        "diagnoses": [world.appendicitis.code],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": "on",
        "action": "submit",
    } | more


def errors(page):
    return page.context["form"].errors


def text_of(page):
    return page.content.decode()


def draft_url(draft, part=""):
    return f"/referrals/drafts/{draft.public_id}/{part}"
