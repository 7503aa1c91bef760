// No environment variable acts on postgres_store. Each trap is first shown to catch a libpq that is
// left to itself.
#include "postgres/store_fixture.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <fstream>
#include <functional>

#include <sys/stat.h>

namespace {

namespace sr = stripe_return;

class set_variable {
public:
  set_variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~set_variable() {
    if (before_.empty())
      unsetenv(name_);
    else
      setenv(name_, before_.c_str(), 1);
  }
  set_variable(const set_variable&) = delete;
  set_variable& operator=(const set_variable&) = delete;

private:
  const char* name_;
  std::string before_;
};

/// What bare libpq gets where it connects, and "" where it does not.
std::string bare(const std::string& conninfo, const char* question = "SELECT 'connected'") {
  try {
    return sql_on(conninfo, question);
  } catch (const std::runtime_error&) {
    return {};
  }
}

std::string by_the_store(const std::string& conninfo, const char* question = "SELECT 'connected'") {
  sr::postgres_store store(options_of(conninfo));
  std::string answer;
  const std::string came = put(store, change_of("A1", 1), [&](sr::transaction& open) {
    PGresult* said = PQexec(sr::postgres_connection_of(open), question);
    if (PQntuples(said) == 1) answer = PQgetvalue(said, 0, 0);
    PQclear(said);
    return false;
  });
  EXPECT_EQ(came, "refused");
  return answer;
}

class PostgresEnvironment : public ::testing::Test {
protected:
  PostgresEnvironment() {
    database_.sql("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'right';"
                  "CREATE SCHEMA stripe_return AUTHORIZATION clerk");
  }
  ~PostgresEnvironment() override { database_.sql("DROP OWNED BY clerk CASCADE; DROP ROLE clerk"); }

  std::string tcp() const {
    return postgres_server::shared().tcp_conninfo(database_.name()) + " user=clerk password=right";
  }
  static std::string port() { return std::to_string(postgres_server::shared().port()); }

  const test_database database_;
};

TEST_F(PostgresEnvironment, DoesNotKeepItFromConnecting) {
  const std::string socket = database_.conninfo();
  const std::string address = "hostaddr=127.0.0.1 port=" + port() + " dbname=" + database_.name() +
                              " user=clerk password=right";
  ASSERT_EQ(by_the_store(tcp()), "connected");
  ASSERT_EQ(by_the_store(address), "connected");
  const struct {
    const char* name;
    const char* value;
    std::string conninfo;
  } traps[] = {{"PGHOST", "a,b", address},
               {"PGHOSTADDR", "127.0.0.9", tcp()},
               {"PGHOSTADDR", "127.0.0.9", socket},
               {"PGCHANNELBINDING", "require", tcp()},
               {"PGCLIENTENCODING", "nonsense", tcp()},
               {"PGOPTIONS", "-c nonsense=1", tcp()},
               {"PGSSLMODE", "require", tcp()},
               {"PGREQUIRESSL", "1", tcp()},
               {"PGSSLMODE", "nonsense", socket},
               {"PGSSLMINPROTOCOLVERSION", "nonsense", tcp()},
               {"PGSSLMAXPROTOCOLVERSION", "nonsense", tcp()},
               {"PGGSSENCMODE", "nonsense", tcp()},
               {"PGTARGETSESSIONATTRS", "standby", tcp()},
               {"PGTARGETSESSIONATTRS", "read-only", socket}};
  for (const auto& trap : traps) {
    const set_variable set(trap.name, trap.value);
    EXPECT_EQ(bare(trap.conninfo), "") << trap.name;
    EXPECT_EQ(by_the_store(trap.conninfo), "connected") << trap.name;
  }
}

TEST_F(PostgresEnvironment, DoesNotLetItConnect) {
  const std::string secretless =
      postgres_server::shared().tcp_conninfo(database_.name()) + " user=clerk";
  const std::string home = "/tmp/stripe_return_home_" + port();
  ASSERT_EQ(mkdir(home.c_str(), 0700), 0);
  const std::string password_file = home + "/.pgpass";
  std::ofstream(password_file) << "*:*:*:*:right\n";
  chmod(password_file.c_str(), 0600);
  const std::string& directory = postgres_server::shared().directory();
  const struct {
    const char* name;
    std::string value;
    std::string conninfo;
  } traps[] = {
      {"PGPASSWORD", "right", secretless},
      {"PGPASSFILE", password_file, secretless},
      {"HOME", home, secretless},
      {"PGUSER", "postgres", "host=" + directory + " port=" + port() + " dbname=postgres"},
      {"PGDATABASE", "postgres", "host=127.0.0.1 user=clerk password=right port=" + port()},
      {"PGPORT", port(), "user=postgres host=" + directory},
      {"PGHOST", directory, "user=postgres port=" + port()}};
  for (const auto& trap : traps) {
    const set_variable set(trap.name, trap.value);
    const bool taken = trap.name != std::string("HOME") || PQlibVersion() >= 140000;
    EXPECT_EQ(bare(trap.conninfo), taken ? "connected" : "") << trap.name;
    sr::postgres_store store(options_of(trap.conninfo));
    EXPECT_EQ(error_of(store.find("A1")), "store_unavailable") << trap.name;
  }
  std::remove(password_file.c_str());
  rmdir(home.c_str());
}

TEST_F(PostgresEnvironment, DoesNotChangeTheSession) {
  const struct {
    const char* name;
    const char* value;
    const char* question;
  } traps[] = {{"PGAPPNAME", "evil", "SHOW application_name"},
               {"PGCLIENTENCODING", "LATIN1", "SHOW client_encoding"},
               {"PGOPTIONS", "-c lock_timeout=77", "SHOW lock_timeout"}};
  for (const auto& trap : traps) {
    const std::string before = by_the_store(tcp(), trap.question);
    const std::string bare_before = bare(tcp(), trap.question);
    const set_variable set(trap.name, trap.value);
    EXPECT_NE(bare(tcp(), trap.question), bare_before) << trap.name;
    EXPECT_EQ(by_the_store(tcp(), trap.question), before) << trap.name;
  }
}

// What the application says itself counts.
TEST_F(PostgresEnvironment, LeavesTheConnectionStringItsWord) {
  EXPECT_EQ(by_the_store(tcp() + " application_name=shop options='-c lock_timeout=77'",
                         "SELECT current_setting('application_name') || ' ' || "
                         "current_setting('lock_timeout') || ' ' || "
                         "current_setting('statement_timeout')"),
            "shop 77ms 5s");
}

TEST_F(PostgresEnvironment, TriesSeveralHostsInTurn) {
  const std::string directory = postgres_server::shared().directory();
  EXPECT_EQ(by_the_store("postgresql://clerk:right@127.0.0.9:" + port() + ",127.0.0.1:" + port() +
                         "/" + database_.name() + "?connect_timeout=3"),
            "connected");
  EXPECT_EQ(by_the_store("host=/dev/null/a," + directory + " port=1," + port() +
                         " user=postgres dbname=" + database_.name()),
            "connected");
}

} // namespace
