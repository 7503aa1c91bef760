// What the copies of an order_service, and the roles made of it, share.
#pragma once

#include "orders/decisions.hpp"
#include "orders/observing.hpp"
#include "orders/order_repository.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/session_id.hpp>
#include <stripe_return/orders/order_service.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// Failures that a report holds: an outage has as many as there are orders.
inline constexpr std::size_t most_reported = 100;

class order_service::impl {
public:
  impl(const session_client& stripe, order_store& store, order_options options);

  // Before anything else of a role. The first time the store is stamped with the key's mode, which
  // another key must have, too.
  result<void> ready();
  orders::circumstances now() const;
  // By Stripe's clock, where it has just told the time: ours may be wrong.
  orders::circumstances now(const observation& newest) const;

  result<observation> fetch(const session_id& id, const retrieve_options& how) const;
  // Nobody can pay it afterwards. What the refusal was does not matter: reading it again tells.
  void expire(const session_id& id, const std::string& account,
              call_priority priority = call_priority::known) const;
  // For stats: Stripe's answers 401 and 403.
  void note_refusal(const error& failure) const noexcept;
  // The account of the order's sessions; empty: the client's own.
  static std::string account_of(const order_record& order);
  // Of this session, which may be another one's than the order names.
  static std::string account_of(const order_record& order, const session_facts& facts);
  static std::string account_of(const order_record& order, const std::string& session_id);

  // What became of an observation.
  struct recorded {
    std::optional<order_record> order; // the order that it belongs to
    bool changed = false;
    bool added = false;    // a payment without an order, not known before
    std::string unmatched; // the id of a paid session that belongs to no order
    int requests = 0;
  };
  // Finds the order that the observation is about, and records it there. One that names no number,
  // and has not shown its PaymentIntent, is fetched once more for it.
  result<recorded> record(const observation& seen, const orders::source& by,
                          call_priority priority);

  // Reads each session of the order again that is not over for good, and gives the order as it is
  // kept then. What cannot be fetched is the failure; the others are read all the same.
  struct refreshed {
    order_record order;
    std::optional<error> failure;
    std::optional<observation> newest; // of the session of `keep`
    int requests = 0;
  };
  result<refreshed> refresh(order_record order, const std::string& who, call_priority priority,
                            bool all = false, const std::string& keep = {});

  const session_client& stripe;
  const order_options options;
  const orders::order_repository repository;
  time_source& time;

  std::atomic<unix_seconds> last_webhook{0};
  mutable std::atomic<int> refused_by_stripe{0};

private:
  friend class order_service;

  result<order_record> expect(const expected_order& order, const expect_options& how);
  result<std::optional<order_record>> take_unmatched(const std::string& out_trade_no);
  result<std::optional<order_record>> take(const order_record& unmatched, const std::string& number,
                                           const orders::source& by);
  result<resolve_result> match(const order_record& unmatched,
                               const std::optional<order_record>& owner, orders::verdict_on what,
                               std::string_view out_trade_no);
  result<void> end_matched(const order_record& unmatched, const std::string& number);
  template <class Word, class Decide>
  result<Word> decide_after_ending(std::string_view out_trade_no, std::string_view who,
                                   Decide decide);
  result<checkout> begin_checkout(const order_record& order, checkout_parameters parameters);
  result<void> look_for_lost(const order_record& order);

  result<std::optional<recorded>> record_with(const order_record& order, const observation& seen,
                                              const orders::source& by);

  std::atomic<std::optional<livemode>> stamped_{std::nullopt}; // as the store was last seen to be

  std::mutex mutex_; // guards what follows
  int foreign_payments_ = 0;
  std::string last_foreign_payment_;
};

} // namespace v0
} // namespace stripe_return
