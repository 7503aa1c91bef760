/// @file
/// Where orders are kept.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// Keeps orders and their history, for as many hosts as share it. All that fulfilling once needs of
/// it is that replace() compares and changes in one step: of two that saw the same version, one
/// succeeds.
///
/// Every member may be called from several threads at once. Errors: store_unavailable, and
/// store_corrupt where what is kept cannot be read.
class STRIPE_RETURN_EXPORT fulfillment_store {
public:
  fulfillment_store() = default;
  fulfillment_store(const fulfillment_store&) = delete;
  fulfillment_store& operator=(const fulfillment_store&) = delete;
  virtual ~fulfillment_store();

  /// Keeps an order that is not there yet, with the first line of its history. False: it is there.
  virtual result<bool> add(const order_record& order, const history_entry& entry) = 0;

  virtual result<std::optional<order_record>> find(std::string_view out_trade_no) = 0;

  /// Replaces the order if its version is still the one before order.version, and adds the line to
  /// its history: both or neither, and for good once this has returned. False: somebody else has
  /// changed it, or it is not there.
  virtual result<bool> replace(const order_record& order, const history_entry& entry) = 0;

  /// Orders that may be claimed: due, not held, without a lease at `now`, and not to be tried
  /// later. Those that wait the longest first, at most `limit`.
  virtual result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) = 0;

  /// Orders with an open review, at most `limit`, in the order of their numbers, after `after`.
  virtual result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) = 0;

  /// The oldest line first.
  virtual result<std::vector<history_entry>> history(std::string_view out_trade_no) = 0;
};

} // namespace v0
} // namespace stripe_return
