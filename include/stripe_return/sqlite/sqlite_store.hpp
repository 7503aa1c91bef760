/// @file
/// sqlite_store: orders in an SQLite file, for one machine.
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

/// The options of a sqlite_store.
struct sqlite_options {
  /// How long a call waits for other threads, and then again for other processes that write to the
  /// file. Negative values count as 0.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
};

/// Keeps orders in one file of SQLite 3.34 or later. Any number of processes on one machine may
/// share it. When put() or change_value() has returned, the change survives a power failure
/// (`synchronous=EXTRA`), if the disk does what it reports. The file must be on a local disk,
/// because SQLite's write-ahead log does not work over NFS or SMB.
///
/// The file and its folder must be writable, because SQLite keeps more files beside it. The folder
/// must exist. Each call creates, opens and prepares the file if that has not been done yet, and
/// opens it again after an I/O error.
///
/// The file may be the application's own database: the tables and indexes of the store are named
/// `stripe_return_...`, and it does not change `user_version`, `application_id`, encoding, page
/// size or journal mode. A file that the store creates uses a write-ahead log, so that readers and
/// writers do not wait for each other.
///
/// Do not use a store on both sides of a fork(): make one in each process, after the fork.
///
/// Any member may fail with store_unavailable (busy, disk full, read-only, cannot be opened, I/O
/// error, folder missing, out of memory), store_newer (made by a newer version of this library),
/// store_corrupt (not an SQLite file, or damaged), and invalid_option (the path is empty or
/// `:memory:`; use memory_store instead).
class STRIPE_RETURN_EXPORT sqlite_store final : public order_store {
public:
  /// Makes a store. It does not open the file yet and cannot fail.
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

/// Returns the connection of a transaction of a sqlite_store; null for any other store's.
STRIPE_RETURN_EXPORT sqlite3* sqlite_connection_of(const transaction& open) noexcept;

} // namespace v0
} // namespace stripe_return
