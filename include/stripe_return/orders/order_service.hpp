/// @file
/// Orders and their checkouts.
#pragma once

#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/customer_view.hpp>
#include <stripe_return/orders/decision_results.hpp>
#include <stripe_return/orders/order_record.hpp>
#include <stripe_return/orders/order_store.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct order_options {
  /// The query parameter in success_url or return_url that holds the session's id.
  std::string query_parameter = "session_id";
  order_naming naming;
  /// Signs the order number that open_checkout() puts into the return URL as `order_token`, so that
  /// a customer who comes back in another browser is known. 32 random bytes or more, the same on
  /// all machines. Empty: no token is made or accepted.
  secret order_token_key;
  /// Tokens of this key are accepted as well, while it is being replaced.
  secret previous_order_token_key;
};

/// Whether a service can be made with these. Error: invalid_option, which names the option.
STRIPE_RETURN_EXPORT result<void> check(const order_options& options);

/// Of an order that is kept for the first time.
struct expect_options {
  /// From then on no checkout is begun, and the reconciler ends what is open. None: never.
  std::optional<unix_seconds> pay_until{};
  /// Made in the store's transaction.
  transaction_writes with{};
};

/// How a checkout goes on.
struct checkout {
  customer_view view;
  std::string session_id; ///< empty where there is nothing to pay: `view` says why
  secret url;             ///< the page at Stripe to send the customer to
  secret client_secret;   ///< of an embedded checkout
};

/// Which orders to list. What is set must hold.
struct order_query {
  std::optional<order_stage> stage{};
  std::optional<stripe_return::waits_for> waiting_for{};
  std::optional<unix_seconds> waiting_before{}; ///< since before that time
  bool in_review = false;                       ///< a person has to decide about it
  bool to_give_back = false;                    ///< money of it has to be given back
  std::string page_token;                       ///< order_page::next_page_token, to go on
  std::size_t limit = 100;                      ///< 1 to 1000
};

struct order_page {
  std::vector<order_record> orders;
  std::vector<order_record> unmatched; ///< payments that belong to no order
  std::vector<std::string> unreadable; ///< keys of rows that cannot be read
  std::string next_page_token;         ///< empty: this is the last page
};

/// Counters for monitoring. Those of the store are of all who share it.
struct order_stats {
  list_stats waiting, tasks, polls, reviews, to_give_back; ///< tasks and polls: due by now
  /// The mode whose orders the store keeps; none: no service has used it yet.
  std::optional<stripe_return::livemode> livemode;
  std::optional<unix_seconds> last_reconciled; ///< when a reconciliation was complete
  std::optional<unix_seconds> last_webhook;    ///< genuine, in this process
  int refused_by_stripe = 0;                   ///< answers 401 and 403 in this process
  int foreign_payments = 0;                    ///< paid sessions of another shop, in this process
  std::string last_foreign_payment;            ///< the session of the newest
};

/// Keeps orders and opens their checkouts. A handle: copies share one state, and the client and the
/// store must live longer than all of them. Every member may be called from several threads, and
/// machines, at once; each blocks, on the store or on Stripe.
///
/// Errors of every member: those of check(options); those of the store; wrong_store where the store
/// keeps the orders of the other mode; and where Stripe is asked, those of the client.
class STRIPE_RETURN_EXPORT order_service {
public:
  order_service(const session_client& stripe, order_store& store, order_options options = {});
  order_service(const session_client&&, order_store&, order_options = {}) = delete;

  /// Keeps the order if it is not known, and gives the checkout where the customer pays: the one
  /// that is open, the recovery of an expired one, or a new one. None where money of the order is
  /// in or on its way, where a person has to decide first, and where Stripe cannot be asked.
  /// `page` is completed with number, mode, naming and attempt.
  ///
  /// Errors also: invalid_option where the order or the page cannot be used, where the order is
  /// known with other terms, where the line items of the page are not the order's amount, and for
  /// a page with recovery of an order with pay_until; canceled where `options.with` refused;
  /// checkout_pending while another call makes the order's checkout, or its answer was lost a
  /// moment ago: ask again in a minute; wrong_session where Stripe's first answer is not what the
  /// order expects, in which case the session was ended.
  result<checkout> open_checkout(const expected_order& order, const checkout_parameters& page,
                                 const expect_options& options = {});

  /// Keeps the order if it is not known, for sessions that the application makes itself; further
  /// session_ids are added. Errors also: invalid_option, as above.
  result<customer_view> expect(const expected_order& order, const expect_options& options = {});

  /// New terms for an order that nobody has paid: every session that is open is ended first. Errors
  /// also: order_not_found; checkout_pending while it is not sure that a session was ended;
  /// invalid_option where money is in or on its way, and where the order is over.
  result<customer_view> reprice(const expected_order& order);

  /// None: no such order is kept.
  result<std::optional<customer_view>> view(std::string_view out_trade_no) const;
  /// Of an order that find() or list() gave.
  customer_view view(const order_record& order) const;
  /// Likewise: whether nobody can pay it any more, and no payment of it is left, so that what was
  /// held for it may be given back.
  bool may_release(const order_record& order) const;

  /// The order that a token of `order_token` is for; none where it is not genuine.
  std::optional<std::string> order_of_token(std::string_view order_token) const;

  /// Ends every session that is open and reads all of them again. Errors also: order_not_found.
  result<close_answer> close(std::string_view out_trade_no, std::string_view who);
  /// Ends every session that is open; money that is in has to be given back then. Errors also:
  /// order_not_found.
  result<cancel_result> cancel(std::string_view out_trade_no, std::string_view who);
  /// The order was fulfilled by other means. `session_id` for fulfilled_by::session alone. Errors
  /// also: order_not_found; invalid_option for a session that is not the order's.
  result<mark_result> mark_fulfilled(std::string_view out_trade_no, fulfilled_by how,
                                     std::string_view who, std::string_view session_id = {});
  /// A person decides about a review item. `out_trade_no` names the order of an unmatched payment
  /// that is accepted; `account` the account of an account_mismatch that is accepted.
  result<resolve_result> resolve(std::string_view review_id, review_verdict verdict,
                                 std::string_view who, std::string_view note = {},
                                 std::string_view out_trade_no = {}, std::string_view account = {});
  /// The money of the session was given back. False: it was not on the list.
  result<bool> mark_refunded(std::string_view session_id, std::string_view who);

  /// By its number, or by the id of a session or a PaymentIntent of it.
  result<std::optional<order_record>> find(std::string_view number_session_or_intent) const;
  result<order_page> list(const order_query& query = {}) const;
  /// Of an order by its number, of an unmatched payment by its session; the oldest line first.
  /// Errors also: order_not_found.
  result<std::vector<history_entry>> history(std::string_view number_or_session) const;
  result<order_stats> stats() const;

private:
  friend class payment_listener;
  friend class fulfillment_worker;
  friend class reconciler;
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
