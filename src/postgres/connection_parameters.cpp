#include "postgres/connection_parameters.hpp"

#include "postgres/postgres_failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <pwd.h>
#include <string.h>
#include <unistd.h>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

// A path at which nothing can be.
constexpr const char* nowhere = "/dev/null/none";

std::string user_of_the_process() {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, space.data(), space.size(), &found) != 0 || found == nullptr)
    return std::to_string(geteuid());
  return found->pw_name;
}

} // namespace

void connection_parameters::wipe_and_free::operator()(PQconninfoOption* all) const noexcept {
  for (PQconninfoOption* each = all; each->keyword != nullptr; ++each)
    if (each->val != nullptr && each->dispchar[0] == '*')
      explicit_bzero(each->val, strlen(each->val));
  PQconninfoFree(all);
}

connection_parameters::connection_parameters(const postgres_options& options)
    : parsed_(PQconninfoParse(options.conninfo.reveal().c_str(), nullptr)) {
  if (!parsed_)
    throw postgres_failure(
        error{error_code::invalid_option,
              "The option conninfo must be a connection string or URI of PostgreSQL."});
  add_compiled_defaults();
  add_own_defaults(options);
  add_given();
  add_hosts();
  add_timeouts(options);
  add("client_encoding", "UTF8");
  keywords_.push_back(nullptr);
  values_.push_back(nullptr);
}

const PQconninfoOption* connection_parameters::find(std::string_view keyword) const {
  for (const PQconninfoOption* each = parsed_.get(); each->keyword != nullptr; ++each)
    if (each->keyword == keyword) return each;
  return nullptr;
}

std::string connection_parameters::given(std::string_view keyword) const {
  const PQconninfoOption* const option = find(keyword);
  return option == nullptr || option->val == nullptr ? "" : option->val;
}

void connection_parameters::add(const char* keyword, std::string value) {
  if (find(keyword) == nullptr) return; // libpq refuses what it does not know
  keywords_.push_back(keyword);
  values_.push_back(added_.emplace_back(std::move(value)).c_str());
}

void connection_parameters::add_compiled_defaults() {
  for (const PQconninfoOption* each = parsed_.get(); each->keyword != nullptr; ++each)
    if (each->compiled != nullptr) add(each->keyword, each->compiled);
}

void connection_parameters::add_own_defaults(const postgres_options& options) {
  const std::string user = given("user").empty() ? user_of_the_process() : given("user");
  add("user", user);
  add("dbname", user);
  add("passfile", nowhere);
  // A server that asks for a password refuses this one, as it would refuse none.
  if (given("passfile").empty()) add("password", "none");
  add("application_name", "stripe_return");
  for (const char* file : {"sslcert", "sslkey", "sslrootcert"})
    add(file, nowhere);
  // A file that is not there makes libpq ignore a directory that is.
  if (given("sslcrl").empty() && given("sslcrldir").empty()) {
    add("sslcrl", nowhere);
    add("sslcrldir", nowhere);
  }
  add("ssl_max_protocol_version", "TLSv1.3");
  add("gssencmode", "disable"); // "prefer" looks for a Kerberos ticket
  add("keepalives_idle", "10");
  add("keepalives_interval", "5");
  add("keepalives_count", "3");
  add("tcp_user_timeout", std::to_string(options.connect_timeout.count() / 2));
}

void connection_parameters::add_given() {
  for (const PQconninfoOption* each = parsed_.get(); each->keyword != nullptr; ++each) {
    if (each->val == nullptr) continue;
    keywords_.push_back(each->keyword);
    values_.push_back(each->val);
  }
}

// PGHOSTADDR would be taken for the address of the host, and an empty address for none given. A
// list of empty addresses is one, but has two elements at least, hence one host more, where a
// connection fails at once.
void connection_parameters::add_hosts() {
  std::string host = given("host");
  const std::string address = given("hostaddr");
  if (!address.empty()) {
    add("host", host.empty() ? address : host);
    return;
  }
  if (host.empty()) host = "/var/run/postgresql";
  const auto commas = std::count(host.begin(), host.end(), ',');
  add("host", host + "," + nowhere);
  add("hostaddr", std::string(static_cast<std::size_t>(commas) + 1, ','));
  const std::string port = given("port");
  if (port.find(',') != port.npos) add("port", port + ",5432");
}

void connection_parameters::add_timeouts(const postgres_options& options) {
  const std::string ms = std::to_string(options.statement_timeout.count());
  add("options", given("options") + " -c statement_timeout=" + ms +
                     " -c idle_in_transaction_session_timeout=" + ms);
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
