/// @file
/// Orders in an SQLite file.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_store.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace stripe_return {
inline namespace v0 {

struct sqlite_options {
  /// How long a call waits for other processes that write to the file, and before that as long for
  /// other threads. Below 0 is 0.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
};

/// Keeps orders in one file of SQLite 3.34 or newer, which any number of processes of one machine
/// may share. What put() or change_value() has answered is for good, also when the power fails
/// (`synchronous=EXTRA`), as far as the disk keeps its word. The file has to be on a disk of this
/// machine: SQLite's write-ahead log does not work over NFS or SMB.
///
/// The file and its folder must be writable: SQLite keeps files of its own beside it. Each call
/// makes, opens and prepares the file where that is still to be done, and opens it again after a
/// failure of the disk. The folder has to be there.
///
/// The file may be the application's: the store's tables and indexes are `stripe_return_...`, and
/// it takes `user_version`, `application_id`, encoding, page size and journal mode as they are. A
/// file that it makes itself has a write-ahead log, with which nobody who reads waits for somebody
/// who writes.
///
/// A store must not be used on both sides of fork(): make one in each process, after it.
///
/// Errors, of every member: store_unavailable (busy, disk full, read-only, cannot be opened, I/O
/// error, folder gone, out of memory), store_newer (made by a newer version of this library),
/// store_corrupt (no SQLite file, or damaged). invalid_option: the path is empty or `:memory:`, for
/// which there is memory_store.
class STRIPE_RETURN_EXPORT sqlite_store final : public order_store {
public:
  /// Opens nothing yet, and cannot fail.
  explicit sqlite_store(std::string path, sqlite_options options = {});
  ~sqlite_store() override;

  result<put_result> put(const order_change& change, const transaction_writes& writes) override;
  result<std::optional<order_row>> find(std::string_view key) override;
  result<std::optional<order_row>> find_by_id(std::string_view id) override;
  result<std::vector<order_row>> list(const row_query& query) override;
  result<list_stats> stats(order_list list, unix_seconds until) override;
  result<std::vector<std::string>> history(std::string_view key) override;
  result<std::string> value(std::string_view name) override;
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// The connection with the transaction that the writes are made in; null in another store's.
STRIPE_RETURN_EXPORT sqlite3* sqlite_connection_of(const transaction& open) noexcept;

} // namespace v0
} // namespace stripe_return
