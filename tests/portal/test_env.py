"""The environment table: read, default, refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from nahtstelle.errors import InputError
from nahtstelle.portal.env import VARIABLES, read_environment


def test_nothing_set_gives_a_site_on_this_machine(tmp_path: Path) -> None:
    read = read_environment({"NAHTSTELLE_HOME": str(tmp_path)})
    assert read.home == tmp_path
    assert read.database_url == f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    assert read.hosts == ("127.0.0.1", "localhost", "[::1]")
    assert not read.https and not read.debug and not read.behind_proxy
    assert read.background_map == ""
    assert read.mail_url == "" and read.mail_from == "Nahtstelle <noreply@localhost>"


def test_everything_set() -> None:
    read = read_environment(
        {
            "NAHTSTELLE_HOME": "/srv/nahtstelle",
            "NAHTSTELLE_DATABASE_URL": "postgres://a:b@127.0.0.1:5432/c",
            "NAHTSTELLE_SECRET_KEY": "x" * 60,
            "NAHTSTELLE_BASE_URL": "https://naht.example/",
            "NAHTSTELLE_HOSTS": "naht.example, www.naht.example",
            "NAHTSTELLE_BEHIND_PROXY": "yes",
            "NAHTSTELLE_BACKGROUND_MAP": "https://tiles.example/{z}/{x}/{y}.png",
            "NAHTSTELLE_MAIL_URL": "submission://wir:ge%40heim@post.example:2587/",
            "NAHTSTELLE_MAIL_FROM": "Nahtstelle <wir@naht.example>",
            "NAHTSTELLE_DEBUG": "no",
        }
    )
    assert read.base_url == "https://naht.example" and read.https
    assert read.hosts == ("naht.example", "www.naht.example")
    assert read.behind_proxy
    assert read.mail_url == "submission://wir:ge%40heim@post.example:2587"
    assert read.mail_from == "Nahtstelle <wir@naht.example>"


def test_mail_comes_from_the_site_where_nothing_else_is_said() -> None:
    said = {"NAHTSTELLE_BASE_URL": "https://naht.example"}
    assert read_environment(said).mail_from == "Nahtstelle <noreply@naht.example>"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NAHTSTELLE_DEBUG", "perhaps", "expected yes or no"),
        ("NAHTSTELLE_BASE_URL", "naht.example", "expected an address"),
        ("NAHTSTELLE_BASE_URL", "https://naht.example/unter", "without a path"),
        ("NAHTSTELLE_DATABASE_URL", "mysql://a@b/c", "expected sqlite"),
        ("NAHTSTELLE_DATABASE_URL", "nonsense", "NAHTSTELLE_DATABASE_URL"),
        ("NAHTSTELLE_MAIL_URL", "post.example", "expected smtp://"),
        ("NAHTSTELLE_MAIL_URL", "imap://post.example", "expected smtp://"),
        ("NAHTSTELLE_MAIL_URL", "smtp://post.example:viele", "NAHTSTELLE_MAIL_URL"),
        ("NAHTSTELLE_MAIL_FROM", "Nahtstelle", "expected a mail address"),
        ("NAHTSTELLE_BACKGROUND_MAP", "http://tiles.example/{z}/{x}/{y}.png", "https"),
        ("NAHTSTELLE_BACKGROUND_MAP", "https://tiles.example/", "{z}"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(InputError, match=name) as error:
        read_environment({name: value})
    assert said in error.value.message


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as error:
        read_environment({"NAHTSTELLE_DEBUG": "x", "NAHTSTELLE_BASE_URL": "y"})
    assert "NAHTSTELLE_DEBUG" in error.value.message and "NAHTSTELLE_BASE_URL" in error.value.message


def test_every_field_has_a_row() -> None:
    fields = read_environment({}).__dataclass_fields__
    assert {row.name.removeprefix("NAHTSTELLE_").lower() for row in VARIABLES} == set(fields)
