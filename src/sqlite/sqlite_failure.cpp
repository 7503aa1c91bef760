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
  case SQLITE_FULL:
    throw unavailable("The disk of the SQLite file is full: make room on it.", false);
  case SQLITE_READONLY:
    throw unavailable(
        "The SQLite file, its folder or its file system is read-only: make them writable.", true);
  case SQLITE_CANTOPEN:
    throw unavailable("The SQLite file cannot be opened: look at its path, and whether its folder "
                      "is there and writable.",
                      true);
  case SQLITE_PERM:
  case SQLITE_AUTH:
    throw unavailable(
        "The SQLite file must not be opened by this process: look at its permissions.", true);
  case SQLITE_IOERR:
    throw unavailable("The disk of the SQLite file failed: look at the system's log.", true);
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
  case SQLITE_INTERRUPT:
  case SQLITE_NOLFS:
    throw unavailable("SQLite cannot use the file at this time: try again later.", true);
  case SQLITE_NOTADB:
    throw sqlite_failure(
        {error_code::store_corrupt, "The file is no SQLite database: look at its path."});
  case SQLITE_CORRUPT:
    throw sqlite_failure(
        {error_code::store_corrupt, "The SQLite file is damaged: restore it from a backup."});
  default:
    throw sqlite_failure({error_code::store_corrupt,
                          "The store's tables in the SQLite file are not as they were "
                          "made: restore it from a backup."});
  }
}

} // namespace v0
} // namespace stripe_return
