/// @file
/// order_store: the interface of the stores that keep orders.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The lists of a store. A row is in each list for which its index has a time, and a list is sorted
/// by these times.
enum class order_list : unsigned char {
  all,          ///< every row, by the time at which it was created
  waiting,      ///< orders that wait for something, by the time since when
  task,         ///< to be fulfilled or released, by the time from which a worker may claim it
  poll,         ///< to be polled at Stripe, by the time from which
  changed,      ///< the application was not notified of the newest change yet, by its time
  review,       ///< a person has to decide, by the time since when
  to_give_back, ///< money has to be refunded, by the time since when
};
inline constexpr std::size_t order_list_count = 7;

STRIPE_RETURN_EXPORT std::string_view to_string(order_list list) noexcept;

/// By what a store looks up a row. It changes only together with the row.
struct order_index {
  /// Indexed by order_list. Absent: the row is not in that list.
  std::array<std::optional<unix_seconds>, order_list_count> times;
  std::string stage;     ///< lower-case letters and underscores
  std::string waits_for; ///< lower-case letters and underscores

  /// Returns the row's time in `list`.
  std::optional<unix_seconds>& time(order_list list) noexcept {
    return times[static_cast<std::size_t>(list)];
  }
  const std::optional<unix_seconds>& time(order_list list) const noexcept {
    return times[static_cast<std::size_t>(list)];
  }
};

/// One order, or one payment without an order, as a store keeps it.
struct order_row {
  /// Not empty; any bytes. Keys are compared byte by byte.
  std::string key;
  std::uint64_t version = 1; ///< counts the changes, from 1; less than 2^63
  std::string text;          ///< the serialized order_record: UTF-8 without NUL
  order_index index;
};

/// The new state of a row, and what to store together with it.
struct order_change {
  order_row row;
  /// Ids of sessions and PaymentIntents that this change assigns to the row: UTF-8 without NUL,
  /// compared byte by byte. An id belongs to its row permanently. An id that the row already has
  /// may be given again.
  std::vector<std::string> new_ids;
  std::string history; ///< UTF-8 without NUL: one line for the row's history
};

/// The result of put(). Everything but `done` leaves the store unchanged.
enum class put_result : unsigned char {
  done,
  version_changed, ///< the stored version is not the one before the change's
  id_taken,        ///< one of the ids belongs to another row
  refused,         ///< the application's writes returned false or threw
};

STRIPE_RETURN_EXPORT std::string_view to_string(put_result result) noexcept;

/// A position in a list: the time and the key of the last row that was read.
struct list_position {
  unix_seconds time = 0;
  std::string key;
};

/// Which rows of a list to read. A row must match all fields that are set. A row that changes while
/// a list is read may appear twice, or not at all if it has left the list.
struct row_query {
  order_list list = order_list::all;
  /// Rows with this time or an earlier one.
  unix_seconds until = (std::numeric_limits<unix_seconds>::max)();
  std::string stage;                    ///< empty: any
  std::string waits_for;                ///< empty: any
  std::optional<list_position> after{}; ///< start after this position
  std::size_t limit = 100;
};

/// The length of a list, and its first time.
struct list_stats {
  std::size_t count = 0;
  std::optional<unix_seconds> oldest; ///< the time of the first row; absent if the list is empty
};

/// Keeps rows and their history, for all processes that share the store. Fulfilling exactly once
/// needs one thing of it: put() compares and changes atomically, so that of two callers that read
/// the same version only one succeeds. testkit/order_store_conformance.hpp tests a store.
///
/// Thread-safe: several threads may call every member at once; each call blocks. Errors:
/// store_unavailable; store_newer and store_corrupt if the contents cannot be used; invalid_option
/// for the store's own options. After an error of put() or change_value() the change may have been
/// made all the same: read again before you continue.
class STRIPE_RETURN_EXPORT order_store {
public:
  order_store() = default;
  order_store(const order_store&) = delete;
  order_store& operator=(const order_store&) = delete;
  virtual ~order_store();

  /// Creates the row if its version is 1, or replaces the row whose version is the one before; adds
  /// the ids and the line of history; and runs `writes`, unless it is empty. All of this happens
  /// atomically, and is durable when put() returns. The version is compared first, then the ids;
  /// then the writes run.
  virtual result<put_result> put(const order_change& change, const transaction_writes& writes) = 0;

  /// Returns the row with this key, or nothing.
  virtual result<std::optional<order_row>> find(std::string_view key) = 0;
  /// Returns the row that has this id of a session or a PaymentIntent, or nothing.
  virtual result<std::optional<order_row>> find_by_id(std::string_view id) = 0;
  /// Returns rows of a list, sorted by the list's time; rows with the same time are sorted by the
  /// bytes of their keys.
  virtual result<std::vector<order_row>> list(const row_query& query) = 0;
  /// Counts the rows of a list whose time is at most `until`.
  virtual result<list_stats> stats(order_list list, unix_seconds until) = 0;
  /// Returns the lines of a row's history, the oldest first.
  virtual result<std::vector<std::string>> history(std::string_view key) = 0;

  /// Returns a value that all users of the store share, such as how far one of Stripe's lists was
  /// read; "" if it was never set. Names and values are UTF-8 without NUL and are compared byte by
  /// byte.
  virtual result<std::string> value(std::string_view name) = 0;
  /// Changes the value from `from` to `to`. Returns false, and changes nothing, if it is not
  /// `from`.
  virtual result<bool> change_value(std::string_view name, std::string_view from,
                                    std::string_view to) = 0;
};

} // namespace v0
} // namespace stripe_return
