"""Every route of the server, without a role and with each role: what is not allowed is refused."""

import pytest
from werkzeug.routing import IntegerConverter

from access.principal import ANYONE, ROLES
from runtime.centre import SCREENS
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
    """(route, address) of every route in the URL map; the static files are not there: they are open."""
    rules = [rule for rule in centre.app.url_map.iter_rules() if rule.endpoint != "static"]
    found = []
    for rule in rules:
        given = {name: 1 if isinstance(kind, IntegerConverter) else "x" for name, kind in rule._converters.items()}
        _, address = rule.build(given)
        found.append((centre.app.extensions["routes"].declared[rule.endpoint], address))
    return found


def call(centre, route, address, headers):
    # A command without its key goes no further than the guard, so that nothing is changed here.
    client = centre.app.test_client(use_cookies=False)
    return client.open(address, method=route.method, headers=headers)


def test_given_the_url_map_then_every_route_takes_the_method_it_declares(routes, centre):
    assert len(routes) > 30
    for rule in centre.app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert rule.methods - {"HEAD"} == {centre.app.extensions["routes"].declared[rule.endpoint].method}


def test_given_nobody_signed_in_when_calling_each_route_then_only_what_is_for_anyone_opens(routes, centre):
    for route, address in routes:
        answer = call(centre, route, address, {})
        if ANYONE in route.roles:
            assert answer.status_code not in (401, 403), route.name
        else:
            assert (answer.status_code, answer.json["code"]) == (401, "sign_in"), route.name


@pytest.mark.parametrize("role", ROLES)
def test_given_a_role_when_calling_each_route_then_it_opens_for_its_roles_only(role, routes, centre, ways_in):
    for headers in ways_in[role]:
        for route, address in routes:
            answer = call(centre, route, address, headers)
            if role in route.roles or ANYONE in route.roles:
                assert answer.status_code not in (401, 403), route.name
            else:
                assert (answer.status_code, answer.json["code"]) == (403, "forbidden"), route.name


def test_given_a_wrong_token_when_calling_each_route_then_it_is_nobody(routes, centre):
    for route, address in routes:
        if ANYONE not in route.roles:
            assert call(centre, route, address, {"Authorization": "Bearer wrong"}).status_code == 401, route.name


def test_given_every_command_then_without_its_key_it_is_refused(routes, centre, ways_in):
    for route, address in routes:
        if route.method == "POST":
            role = "clerk" if ANYONE in route.roles else route.roles[0]
            answer = call(centre, route, address, ways_in[role][0])
            assert (answer.status_code, answer.json["code"]) == (400, "missing_key"), route.name


def test_given_a_route_in_a_folder_of_a_screen_then_a_user_of_that_screen_may_call_it(centre):
    users = {namespace.channel.namespace[1:]: namespace.channel.roles for namespace in centre.namespaces}
    of_screens = [
        (route, users.get(folder, ()))
        for route in centre.app.extensions["routes"].declared.values()
        if (folder := route.module.partition(".")[0]) in SCREENS
    ]
    assert len(of_screens) > 30
    for route, roles in of_screens:
        assert {ANYONE, *roles} & set(route.roles), f"{route.name} stands in {route.module}"
