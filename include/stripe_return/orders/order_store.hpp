/// @file
/// Where orders are kept.
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

/// The lists that a store can read out. A row stands in each list for which it has a time, in the
/// order of these times.
enum class order_list : unsigned char {
  all,          ///< every row, by the time at which it was made
  waiting,      ///< whatever waits for somebody, by the time since when
  task,         ///< to be fulfilled or released, by the time from which a worker may claim it
  poll,         ///< to be asked about at Stripe, by the time from which
  changed,      ///< the application has not been told of the newest change, by the time of it
  review,       ///< a person has to decide, by the time since when
  to_give_back, ///< money has to be given back, by the time since when
};
inline constexpr std::size_t order_list_count = 7;

STRIPE_RETURN_EXPORT std::string_view to_string(order_list list) noexcept;

/// What a store looks rows up by. It changes with the row alone.
struct order_index {
  /// By order_list; none: the row is not in that list.
  std::array<std::optional<unix_seconds>, order_list_count> times;
  std::string stage;     ///< a word of lower-case letters and underscores
  std::string waits_for; ///< likewise

  std::optional<unix_seconds>& time(order_list list) noexcept {
    return times[static_cast<std::size_t>(list)];
  }
  const std::optional<unix_seconds>& time(order_list list) const noexcept {
    return times[static_cast<std::size_t>(list)];
  }
};

/// One order, or one payment without an order, as a store keeps it.
struct order_row {
  std::string key;           ///< any bytes but none at all; two keys are equal if their bytes are
  std::uint64_t version = 1; ///< counts the changes, from 1, below 2^63
  std::string text;          ///< UTF-8 without NUL, for order_record's reader
  order_index index;
};

/// A row as it is to be, and what comes with it.
struct order_change {
  order_row row;
  /// Ids of sessions and PaymentIntents that become the row's with this change: UTF-8 without NUL,
  /// told apart by their bytes. An id is one row's for ever. One that is this row's already may be
  /// given again.
  std::vector<std::string> new_ids;
  std::string history; ///< UTF-8 without NUL: one line for the row's history
};

/// What came of a change. All but `done` leave everything as it was.
enum class put_result : unsigned char {
  done,
  version_changed, ///< the row's version is not the one before the change's
  id_taken,        ///< one of the ids is another row's
  refused,         ///< the application's writes said false or threw
};

STRIPE_RETURN_EXPORT std::string_view to_string(put_result result) noexcept;

/// Where a list was left: the time and the key of the last row that was read.
struct list_position {
  unix_seconds time = 0;
  std::string key;
};

/// What is set must hold. A row that changes while a list is read may be seen twice, or not at all
/// if it has left the list.
struct row_query {
  order_list list = order_list::all;
  unix_seconds until = (std::numeric_limits<unix_seconds>::max)(); ///< at most this time
  std::string stage;                                               ///< empty: any
  std::string waits_for;                                           ///< empty: any
  std::optional<list_position> after{};                            ///< go on behind this one
  std::size_t limit = 100;
};

/// How long a list is, and since when.
struct list_stats {
  std::size_t count = 0;
  std::optional<unix_seconds> oldest; ///< the first row's time; none: the list is empty
};

/// Keeps rows and their history, for as many processes as share it. All that fulfilling exactly
/// once needs of it is that put() compares and changes in one step: of two callers that saw the
/// same version, one succeeds. testkit/order_store_conformance.hpp checks a store.
///
/// Every member may be called from several threads at once, and each blocks. Errors:
/// store_unavailable; store_newer and store_corrupt where what is kept cannot be used;
/// invalid_option for the store's own options. After an error of put() or change_value() the change
/// may nevertheless have been made: read again before going on.
class STRIPE_RETURN_EXPORT order_store {
public:
  order_store() = default;
  order_store(const order_store&) = delete;
  order_store& operator=(const order_store&) = delete;
  virtual ~order_store();

  /// Makes the row if its version is 1, or replaces the row whose version is the one before; adds
  /// the ids and the line of history; makes `writes`, where there are any: all of it or nothing,
  /// for good once this has returned. The version is compared first, then the ids are, then the
  /// writes are made.
  virtual result<put_result> put(const order_change& change, const transaction_writes& writes) = 0;

  virtual result<std::optional<order_row>> find(std::string_view key) = 0;
  /// The row that a session's or a PaymentIntent's id belongs to.
  virtual result<std::optional<order_row>> find_by_id(std::string_view id) = 0;
  /// By the list's time; rows of the same time by the bytes of their keys.
  virtual result<std::vector<order_row>> list(const row_query& query) = 0;
  /// Of the rows in the list whose time is at most `until`.
  virtual result<list_stats> stats(order_list list, unix_seconds until) = 0;
  /// The lines of a row's history, the oldest first.
  virtual result<std::vector<std::string>> history(std::string_view key) = 0;

  /// A value that all who share the store see, such as how far a list of Stripe's was read; ""
  /// where it was never set. Names and values are UTF-8 without NUL, told apart by their bytes.
  virtual result<std::string> value(std::string_view name) = 0;
  /// Changes it if it is still `from`. False: somebody else has changed it.
  virtual result<bool> change_value(std::string_view name, std::string_view from,
                                    std::string_view to) = 0;
};

} // namespace v0
} // namespace stripe_return
