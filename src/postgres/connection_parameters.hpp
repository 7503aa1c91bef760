// All that libpq is given for a connection, so that it looks nowhere else.
#pragma once

#include <stripe_return/postgres/postgres_store.hpp>

#include <libpq-fe.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// What libpq is not given it takes from the environment and from files in the home directory:
// https://www.postgresql.org/docs/current/libpq-envars.html. So it is given all that it knows of.
// Left are PGSERVICE, PGTZ, PGDATESTYLE and PGGEQO, which it reads whatever it is given;
// PGREQUIREPEER, which has no neutral value; and PGPASSWORD beside a passfile.
class connection_parameters {
public:
  explicit connection_parameters(const postgres_options& options); // throws postgres_failure

  // As PQconnectStartParams() takes them, without expansion of the database's name.
  const char* const* keywords() const { return keywords_.data(); }
  const char* const* values() const { return values_.data(); }

private:
  struct wipe_and_free {
    void operator()(PQconninfoOption* all) const noexcept;
  };

  // Null if this libpq has no such option: 12 and 13 lack some.
  const PQconninfoOption* find(std::string_view keyword) const;
  // "" if it is not.
  std::string given(std::string_view keyword) const;
  // The last one of a keyword counts.
  void add(const char* keyword, std::string value);
  void add_compiled_defaults();
  void add_own_defaults(const postgres_options& options);
  void add_given();
  void add_hosts();
  void add_timeouts(const postgres_options& options);

  std::unique_ptr<PQconninfoOption, wipe_and_free> parsed_;
  std::deque<std::string> added_;
  std::vector<const char*> keywords_;
  std::vector<const char*> values_;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
