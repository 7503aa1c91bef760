/// @file
/// Orders in an SQLite file.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct sqlite_options {
  /// How long a call waits for other processes that write to the file, and before that as long for
  /// other threads. Below 0 is 0.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
};

/// Keeps orders in one file of SQLite 3.37 or newer, which any number of processes of one computer
/// may share. What replace() or another change has answered is for good, also when the power fails
/// (`synchronous=FULL`), as far as the disk keeps its word. The file has to be on a disk of this
/// computer: SQLite's write-ahead log does not work over NFS or SMB.
///
/// The file and its folder must be writable: SQLite keeps `PATH-wal` and `PATH-shm` beside it. Each
/// call makes, opens and prepares the file where that is still to be done, and opens it again after
/// a failure of the disk. The folder has to be there.
///
/// Tables of the host may live in the same file, written over connections of its own or in
/// replace_with(); the store's are `stripe_return_...`, and `application_id` and `user_version` are
/// the store's as well. Writes of the host in replace_with() must not call the store.
///
/// A store must not be used on both sides of fork(): make one in each process, after it.
///
/// Errors, of every member: store_unavailable (busy, disk full, read-only, cannot be opened, I/O
/// error, folder gone), store_newer (made by a newer version of this library), store_corrupt (no
/// SQLite file, another program's, or damaged; of one order where only its row is). invalid_option:
/// the path is empty or `:memory:`, for which there is memory_store.
class STRIPE_RETURN_EXPORT sqlite_store final : public fulfillment_store {
public:
  /// Opens nothing yet, and cannot fail.
  explicit sqlite_store(std::string path, sqlite_options options = {});
  ~sqlite_store() override;

  result<bool> add(const order_record& order, const history_entry& entry) override;
  result<std::optional<order_record>> find(std::string_view out_trade_no) override;
  result<std::optional<std::string>> order_of(std::string_view session_id) override;
  result<bool> replace(const order_record& order, const history_entry& entry) override;
  result<bool> replace_with(const order_record& order, const history_entry& entry,
                            const host_writes& writes) override;
  result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> to_ask(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) override;
  result<std::vector<history_entry>> history(std::string_view out_trade_no) override;
  result<store_standing> standing(unix_seconds now) override;
  result<std::string> cursor(std::string_view name) override;
  result<bool> move_cursor(std::string_view name, std::string_view from,
                           std::string_view to) override;

private:
  struct lanes;
  std::unique_ptr<lanes> lanes_;
};

} // namespace v0
} // namespace stripe_return
