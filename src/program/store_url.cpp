#include "program/store_url.hpp"

#ifdef STRIPE_RETURN_WITH_SQLITE
#include <stripe_return/sqlite/sqlite_store.hpp>
#endif
#ifdef STRIPE_RETURN_WITH_POSTGRES
#include <stripe_return/postgres/postgres_store.hpp>
#endif

#include <fstream>

namespace program {
namespace {

namespace sr = stripe_return;
using opened = sr::result<std::unique_ptr<sr::order_store>>;

bool begins_with(const std::string& text, const std::string& begin) {
  return text.compare(0, begin.size(), begin) == 0;
}

opened open_sqlite([[maybe_unused]] const std::string& path) {
#ifdef STRIPE_RETURN_WITH_SQLITE
  // Looking at orders must not make a file for those of a mistyped path.
  if (!std::ifstream(path)) {
    return sr::error{sr::error_code::unreadable_file,
                     "There is no such SQLite file: check the path."};
  }
  return std::unique_ptr<sr::order_store>(std::make_unique<sr::sqlite_store>(path));
#else
  return sr::error{sr::error_code::invalid_option,
                   "This program was built without SQLite: use one that was built with it."};
#endif
}

opened open_postgres([[maybe_unused]] const std::string& conninfo) {
#ifdef STRIPE_RETURN_WITH_POSTGRES
  sr::postgres_options options;
  options.conninfo = conninfo;
  return std::unique_ptr<sr::order_store>(std::make_unique<sr::postgres_store>(options));
#else
  return sr::error{sr::error_code::invalid_option,
                   "This program was built without PostgreSQL: use one that was built with it."};
#endif
}

} // namespace

opened open_store(const std::string& url) {
  if (begins_with(url, "sqlite:")) return open_sqlite(url.substr(7));
  if (begins_with(url, "postgres://") || begins_with(url, "postgresql://"))
    return open_postgres(url);
  if (begins_with(url, "postgres:")) return open_postgres(url.substr(9));
  return sr::error{
      sr::error_code::invalid_option,
      "This is not a store: use sqlite:PATH, postgres:CONNINFO or postgresql://HOST/DATABASE."};
}

} // namespace program
