#include "sqlite/sqlite_lane.hpp"

#include "sqlite/sqlite_schema.hpp"

namespace stripe_return {
inline namespace v0 {

sqlite_connection& sqlite_lane::opened() {
  // Undoing a change has failed.
  if (connection_ && connection_->in_transaction()) connection_.reset();
  if (!connection_) {
    // To SQLite these are databases that each connection has for itself.
    if (path_.empty() || path_ == ":memory:") {
      throw sqlite_failure({error_code::invalid_option,
                            "the path of an SQLite store must be a file's: in memory there is "
                            "memory_store"});
    }
    sqlite_connection fresh(path_, busy_timeout_);
    prepare_sqlite_file(fresh);
    connection_ = std::move(fresh);
  }
  return *connection_;
}

} // namespace v0
} // namespace stripe_return
