"""What of the program strangers can reach."""

import pytest

from tests.strangers.server import whole_server


@pytest.fixture(scope="module")
def exposed(tmp_path_factory):
    """The namespaces and the routes of the program itself, with the roles that may use them."""
    with whole_server(tmp_path_factory.mktemp("exposed")) as centre:
        rules = [rule for rule in centre.app.url_map.iter_rules() if rule.endpoint != "static"]
        paths = sorted({(method, filled(rule)) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}})
        namespaces = {each.channel.namespace: each.channel.roles[0] for each in centre.namespaces}
        yield namespaces, paths


def filled(rule):
    """An address of a rule."""
    path = rule.rule
    for name, converter in rule._converters.items():
        given = "1" if type(converter).__name__ == "IntegerConverter" else "x"
        path = path.replace(f"<{name}>", given).replace(f"<int:{name}>", given)
    assert "<" not in path, path
    return path
