/// @file
/// Where orders are kept.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct pg_conn;

namespace stripe_return {
inline namespace v0 {

/// The connection on which a store has a transaction open, for the host's own writes. All but the
/// store's own kind are null; memory_store has none.
struct open_transaction {
  sqlite3* sqlite = nullptr;
  pg_conn* postgres = nullptr; ///< a `PGconn`
  void* other = nullptr;       ///< what a store of somebody else documents
};

/// Writes of the host, in the store's transaction: it neither commits nor rolls back. False, or an
/// exception, undoes all. It may be called again where the store had to try again.
using host_writes = std::function<bool(const open_transaction&)>;

/// How many orders wait, and since when.
struct store_standing {
  std::size_t due = 0;                          ///< paid and not fulfilled, the held ones too
  std::optional<unix_seconds> oldest_due_since; ///< of those
  std::size_t leases_run_out = 0; ///< claimed by a worker that did not come back in time
  std::size_t in_review = 0;
  std::size_t to_ask = 0; ///< orders about which the sweep is to ask Stripe by now
};

/// Keeps orders and their history, for as many hosts as share it. All that fulfilling once needs of
/// it is that replace() compares and changes in one step: of two that saw the same version, one
/// succeeds. store_conformance.hpp checks a store.
///
/// Every member may be called from several threads at once. Errors: store_unavailable; store_newer
/// and store_corrupt, where what is kept cannot be read; invalid_option for the store's own
/// options. After an error of add(), replace(), replace_with() or move_cursor() the change may have
/// been made all the same: whoever goes on reads first.
class STRIPE_RETURN_EXPORT fulfillment_store {
public:
  fulfillment_store() = default;
  fulfillment_store(const fulfillment_store&) = delete;
  fulfillment_store& operator=(const fulfillment_store&) = delete;
  virtual ~fulfillment_store();

  /// Keeps an order that is not there yet, with the first line of its history. False: it is there.
  virtual result<bool> add(const order_record& order, const history_entry& entry) = 0;

  virtual result<std::optional<order_record>> find(std::string_view out_trade_no) = 0;

  /// The number of the order that the session was first heard of with.
  virtual result<std::optional<std::string>> order_of(std::string_view session_id) = 0;

  /// Replaces the order if its version is still the one before order.version, and adds the line to
  /// its history: both or neither, and for good once this has returned. False: somebody else has
  /// changed it, or it is not there.
  virtual result<bool> replace(const order_record& order, const history_entry& entry) = 0;

  /// The same together with the host's writes, in one transaction. False also where they say so.
  virtual result<bool> replace_with(const order_record& order, const history_entry& entry,
                                    const host_writes& writes) = 0;

  /// Orders that may be claimed (see order_index) by `now`: those that wait the longest first, at
  /// most `limit`.
  virtual result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) = 0;

  /// Orders about which Stripe is to be asked by `now`: those that wait the longest first, at most
  /// `limit`.
  virtual result<std::vector<std::string>> to_ask(unix_seconds now, std::size_t limit) = 0;

  /// Orders with an open review, at most `limit`, in the order of their numbers' bytes, after
  /// `after`.
  virtual result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) = 0;

  /// The oldest line first.
  virtual result<std::vector<history_entry>> history(std::string_view out_trade_no) = 0;

  virtual result<store_standing> standing(unix_seconds now) = 0;

  /// How far somebody has read one of Stripe's lists; "" where nobody has begun.
  virtual result<std::string> cursor(std::string_view name) = 0;
  /// Moves it if it still stands at `from`. False: somebody else has moved it.
  virtual result<bool> move_cursor(std::string_view name, std::string_view from,
                                   std::string_view to) = 0;
};

} // namespace v0
} // namespace stripe_return
