"""The cast of the tests is a possible one."""

from alliance.core.choices import Permission


def test_world_doctor_may_send_and_not_receive(world):
    access = world.doctor.access
    assert access.institutions_with(Permission.REFERRAL_SEND) == [world.township.pk]
    assert access.institutions_with(Permission.REFERRAL_RECEIVE) == []


def test_world_relations_go_both_ways_within_the_alliance(world):
    pairs = set(world.alliance.relations.values_list("sender__name", "receiver__name", "direction"))
    assert ("青山镇卫生院", "云溪县人民医院", "up") in pairs
    assert ("云溪县人民医院", "青山镇卫生院", "down") in pairs
    assert ("青山镇卫生院", "白沙镇卫生院", "lateral") in pairs
    assert not any("外县医院" in pair[:2] for pair in pairs)
