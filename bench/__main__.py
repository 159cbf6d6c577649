"""All benches of the platform, one after the other, each in a database of its own.

  ./dev bench                            everything at the sizes of docs/bench.md; takes an hour
  ./dev bench --small                    everything at a size for minutes
  ./dev bench --only nightly privileges  some of:

  referrals   pages and API at 10 k, 100 k and 1 M referrals beside their bare SQL
  nightly     the scheduled checks of a province beside one statement by hand each, and two nights;
              the matrix of a hospital, the curves of an alliance
  privileges  who may do what, at 300,000 practitioners and 3 M privileges
  logbook     50,000 cases coming in, and the curves of everybody
  bookings    when 5,000 devices with 1 M bookings are free, and many clerks after the same hours
  insights    the heat map of a year of 200,000 uses beside one statement by hand
  imports     a code table coming in

What follows a lone -- goes to the bench itself: ./dev bench --only nightly -- --share 10 --rounds 1
"""

import argparse
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql

# The module of each, whether it expects the demo, and what makes it large or small.
BENCHES = {
    "referrals": ("run", False, [], ["--sizes", "10000", "100000", "--rounds", "20"]),
    "nightly": ("nightly", False, ["--share", "1"], ["--share", "50", "--rounds", "1"]),
    "privileges": ("privileges", False, [], ["--practitioners", "10000", "--rounds", "100"]),
    "logbook": ("logbook", True, [], ["--rows", "5000"]),
    "bookings": (
        "bookings",
        False,
        [],
        ["--devices", "500", "--each", "100", "--rounds", "10", "--attempts", "400"],
    ),
    "insights": ("insights", True, [], ["--bookings", "20000", "--devices", "100"]),
    "imports": ("imports", True, [], ["--rows", "5000"]),
}


def main() -> int:
    """Run what was asked for; the last failure is the answer."""
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("./dev bench", description=__doc__, formatter_class=style)
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), metavar="NAME")
    parser.add_argument("--small", action="store_true", help="sizes for minutes")
    parser.add_argument("--keep", action="store_true", help="keep the databases afterwards")
    mine, theirs = _parted(sys.argv[1:])
    options = parser.parse_args(mine)
    failed = 0
    for name in options.only or BENCHES:
        failed = _run(name, small=options.small, keep=options.keep, more=theirs) or failed
    return failed


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    place = words.index("--") if "--" in words else len(words)
    return words[:place], words[place + 1 :]


def _run(name: str, *, small: bool, keep: bool, more: list[str]) -> int:
    module, needs_demo, large, little = BENCHES[name]
    database = f"bench_{name}"
    settings = {"DJANGO_SETTINGS_MODULE": "alliance.config.settings.demo"}
    env = settings | os.environ | {"DATABASE_URL": _url(database)}
    _in_server("DROP DATABASE IF EXISTS {}", database)
    _in_server("CREATE DATABASE {}", database)
    print(f"\n# {name}\n", flush=True)
    try:
        for command in ("migrate", "load_demo") if needs_demo else ():
            made = [sys.executable, "manage.py", command, "--verbosity=0"]
            subprocess.run(made, env=env, check=True, stdout=subprocess.DEVNULL)
        asked = [*(little if small else large), *more]
        return subprocess.run([sys.executable, "-m", f"bench.{module}", *asked], env=env).returncode
    finally:
        if not keep:
            _in_server("DROP DATABASE {}", database)


def _url(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def _in_server(statement: str, database: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(database)))
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
