import stat


def test_the_server_of_the_tests_is_real_private_and_asks_for_a_password(postgres_server, postgres_url):
    name = postgres_url.rpartition("/")[2]
    assert postgres_server.psql("SELECT current_database()", name) == name
    assert stat.S_IMODE(postgres_server.folder.stat().st_mode) == 0o700
    assert postgres_server.psql("SHOW listen_addresses") == "127.0.0.1"
    assert postgres_server.psql("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'") == "0"


def test_a_crash_of_the_server_is_recovered_from(postgres_server, postgres_url):
    name = postgres_url.rpartition("/")[2]
    postgres_server.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)", name)
    postgres_server.stop(now=True)
    postgres_server.start()
    assert postgres_server.psql("SELECT n FROM kept", name) == "7"
