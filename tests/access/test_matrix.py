"""Every route of the whole server, with no role and with each: default is deny."""

import pytest

from access.principal import ANYONE, ROLES
from tests.access.conftest import OPENING, credentials
from tests.strangers.server import whole_server


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    with whole_server(tmp_path_factory.mktemp("centre")) as centre:
        yield centre


@pytest.fixture(scope="module")
def ways_in(centre):
    return credentials(centre.gate, OPENING)


@pytest.fixture(scope="module")
def routes(centre):
    """(door, address) of every route in the URL map; the static files are not there: they are open."""
    rules = [rule for rule in centre.app.url_map.iter_rules() if rule.endpoint != "static"]
    found = []
    for rule in rules:
        given = {
            name: 1 if type(kind).__name__ == "IntegerConverter" else "x" for name, kind in rule._converters.items()
        }
        _, address = rule.build(given)
        found.append((centre.app.extensions["doors"].declared[rule.endpoint], address))
    return found


def call(centre, door, address, headers):
    # A command without its key goes no further than the guard, so that nothing is changed here.
    client = centre.app.test_client(use_cookies=False)
    return client.open(address, method=door.method, headers=headers)


def test_given_the_url_map_then_every_route_takes_the_method_it_declares(routes, centre):
    assert len(routes) > 30
    for rule in centre.app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert rule.methods - {"HEAD"} == {centre.app.extensions["doors"].declared[rule.endpoint].method}


def test_given_nobody_signed_in_when_calling_each_route_then_only_what_is_for_anyone_opens(routes, centre):
    for door, address in routes:
        answer = call(centre, door, address, {})
        if ANYONE in door.roles:
            assert answer.status_code not in (401, 403), door.name
        else:
            assert (answer.status_code, answer.json["code"]) == (401, "sign_in"), door.name


@pytest.mark.parametrize("role", ROLES)
def test_given_a_role_when_calling_each_route_then_it_opens_for_its_roles_only(role, routes, centre, ways_in):
    for headers in ways_in[role]:
        for door, address in routes:
            answer = call(centre, door, address, headers)
            if role in door.roles or ANYONE in door.roles:
                assert answer.status_code not in (401, 403), door.name
            else:
                assert (answer.status_code, answer.json["code"]) == (403, "forbidden"), door.name


def test_given_a_wrong_token_when_calling_each_route_then_it_is_nobody(routes, centre):
    for door, address in routes:
        if ANYONE not in door.roles:
            assert call(centre, door, address, {"Authorization": "Bearer wrong"}).status_code == 401, door.name


def test_given_every_command_then_without_its_key_it_is_refused(routes, centre, ways_in):
    for door, address in routes:
        if door.method == "POST":
            role = "clerk" if ANYONE in door.roles else door.roles[0]
            answer = call(centre, door, address, ways_in[role][0])
            assert (answer.status_code, answer.json["code"]) == (400, "missing_key"), door.name
