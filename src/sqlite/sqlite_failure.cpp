#include "sqlite/sqlite_failure.hpp"

#include <sqlite3.h>

#include <new>

namespace stripe_return {
inline namespace v0 {

void throw_sqlite_failure(int code) {
  const auto unavailable = [](const char* why, bool reopen) {
    return sqlite_failure({error_code::store_unavailable, why}, reopen);
  };
  switch (code & 0xff) {
  case SQLITE_NOMEM: throw std::bad_alloc();
  case SQLITE_BUSY:
    throw unavailable(
        "Another process has been writing to the SQLite file for too long: try again later.",
        false);
  // A new connection would need room for PATH-shm, so that not even reading went on.
  case SQLITE_FULL: throw unavailable("The SQLite file's disk is full: free some space.", false);
  case SQLITE_READONLY:
    throw unavailable(
        "The SQLite file, its folder or its file system is read-only: make it writable.", true);
  case SQLITE_CANTOPEN:
    throw unavailable("The SQLite file cannot be opened: check its path, and that its folder "
                      "exists and is writable.",
                      true);
  case SQLITE_PERM:
  case SQLITE_AUTH:
    throw unavailable("This process may not open the SQLite file: check its permissions.", true);
  case SQLITE_IOERR:
    throw unavailable("The SQLite file's disk failed: see the system's log.", true);
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
  case SQLITE_INTERRUPT:
  case SQLITE_NOLFS: throw unavailable("SQLite cannot use the file now: try again later.", true);
  case SQLITE_NOTADB:
    throw sqlite_failure(
        {error_code::store_corrupt, "The file is not an SQLite database: check its path."});
  case SQLITE_CORRUPT:
    throw sqlite_failure(
        {error_code::store_corrupt, "The SQLite file is damaged: restore it from a backup."});
  default:
    throw sqlite_failure({error_code::store_corrupt,
                          "The store's tables in the SQLite file have been altered: "
                          "restore the file from a backup."});
  }
}

} // namespace v0
} // namespace stripe_return
