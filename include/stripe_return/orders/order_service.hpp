/// @file
/// order_service: keeps orders and opens their checkouts.
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
#include <stripe_return/orders/review_item.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The options of an order_service.
struct order_options {
  /// The query parameter in success_url or return_url that holds the session's id.
  std::string query_parameter = "session_id";
  order_naming naming;
  /// The key that signs the order number. open_checkout() puts the signed number into the return
  /// URL as `order_token`, so that a customer who comes back in another browser is recognized. 32
  /// random bytes or more, the same on all machines. Empty: tokens are neither made nor accepted.
  secret order_token_key;
  /// While you replace the key: tokens with this key are accepted as well.
  secret previous_order_token_key;
};

/// Checks the options. Fails with invalid_option; the message names the option.
STRIPE_RETURN_EXPORT result<void> check(const order_options& options);

/// Options for an order that is stored for the first time.
struct expect_options {
  /// From then on no checkout is opened, and the reconciler expires the sessions that are open.
  /// Absent: no limit.
  std::optional<unix_seconds> pay_until{};
  /// Writes of the application in the store's transaction that stores the order.
  transaction_writes with{};
};

/// What open_checkout() returns.
struct checkout {
  customer_view view;
  std::string session_id; ///< empty if there is nothing to pay: `view` shows why
  secret url;             ///< Stripe's page to which to send the customer
  secret client_secret;   ///< of an embedded checkout
};

/// Which orders to list. An order must match all fields that are set.
struct order_query {
  std::optional<order_stage> stage{};
  std::optional<stripe_return::waits_for> waiting_for{};
  std::optional<unix_seconds> waiting_before{}; ///< waiting since before that time
  bool in_review = false;                       ///< only orders about which a person has to decide
  bool to_give_back = false;                    ///< only orders with money that has to be refunded
  std::string page_token; ///< order_page::next_page_token of the page before; empty: the first page
  std::size_t limit = 100; ///< 1 to 1000
};

/// One page of a list of orders.
struct order_page {
  std::vector<order_record> orders;
  std::vector<order_record> unmatched; ///< payments that belong to no order
  std::vector<std::string> unreadable; ///< keys of rows that cannot be parsed
  std::string next_page_token;         ///< empty: this is the last page
};

/// Numbers for monitoring. The list_stats are those of the store, which all its users share.
struct order_stats {
  /// The store's lists of these names; of tasks and polls only those that are due by now.
  list_stats waiting, tasks, polls, reviews, to_give_back;
  /// The mode of the orders in the store; absent if no service has used it yet.
  std::optional<stripe_return::livemode> livemode;
  std::optional<unix_seconds> last_reconciled; ///< when a reconciliation was last complete
  std::optional<unix_seconds> last_webhook;    ///< the last genuine one in this process
  int refused_by_stripe = 0;                   ///< responses with 401 or 403 in this process
  int foreign_payments = 0;                    ///< paid sessions of other shops in this process
  std::string last_foreign_payment;            ///< the id of the newest of these sessions
};

/// Keeps orders in a store and opens their checkouts. It is a handle: copies share one state. The
/// client and the store must outlive all copies. Thread-safe: several threads, and several
/// machines, may call its members at once. Each member that does not work on an order_record or a
/// token alone blocks on the store, and some also on Stripe.
///
/// A member may fail with the errors of check(options); with those of the store; with wrong_store
/// if the store holds the orders of the other mode; with inside_transaction if a transaction of the
/// store is open on this thread; and, if it sends requests to Stripe, with those of the client.
class STRIPE_RETURN_EXPORT order_service {
public:
  /// Makes a service. It checks the options at the first call, and opens nothing before.
  order_service(const session_client& stripe, order_store& store, order_options options = {});
  order_service(const session_client&&, order_store&, order_options = {}) = delete;

  /// Stores the order if it is new, and returns the checkout in which the customer can pay: the
  /// session that is open, the recovery of an expired session, or a new session. It returns none if
  /// the order is paid or a payment is being processed, if a person has to decide first, and if
  /// Stripe's response about a session is not clear. If Stripe does not respond, it fails with the
  /// client's error. Number, mode, naming and attempt of `page` are filled in.
  ///
  /// Also fails with:
  /// - invalid_option if the order or the page cannot be used, if the order is stored with other
  ///   terms, if the page's line items do not add up to the order's amount, and if the page allows
  ///   recovery although the order has pay_until;
  /// - canceled if `options.with` returned false or threw;
  /// - checkout_pending if another call is opening the order's checkout, or the response to such a
  ///   call was lost a moment ago: try again in a minute;
  /// - wrong_session if the session that Stripe created does not match the order. That session has
  ///   been expired.
  result<checkout> open_checkout(const expected_order& order, const checkout_parameters& page,
                                 const expect_options& options = {});

  /// Stores the order if it is new. Use it if the application creates the sessions itself; if the
  /// order is stored already, new session_ids are added to it. Fails with the same errors as
  /// open_checkout() about the order.
  result<customer_view> expect(const expected_order& order, const expect_options& options = {});

  /// Changes the terms of an order that is not paid, after expiring all open sessions. Also fails
  /// with order_not_found; with checkout_pending while it is not certain that all sessions have
  /// expired; and with invalid_option if the order is paid, a payment is being processed, a person
  /// has to decide first, or the order is closed, canceled or fulfilled.
  result<customer_view> reprice(const expected_order& order);

  /// Returns what a customer may see of the order, or nothing if the store has no such order.
  result<std::optional<customer_view>> view(std::string_view out_trade_no) const;
  /// Returns what a customer may see of an order that find() or list() returned.
  customer_view view(const order_record& order) const;
  /// Returns whether the stock of an order that find() or list() returned may be released: the
  /// order can no longer be paid, no money is on its way, and no payment remains except one that
  /// only has to be refunded because the order is closed or canceled.
  bool may_release(const order_record& order) const;

  /// Returns the order number of an `order_token`, or nothing if the token is not genuine.
  std::optional<std::string> order_of_token(std::string_view order_token) const;

  /// Closes an unpaid order: expires all its open sessions and fetches all sessions again. Also
  /// fails with order_not_found.
  result<close_answer> close(std::string_view out_trade_no, std::string_view who);
  /// Cancels an order: expires all its open sessions. Money that was paid then has to be refunded.
  /// Also fails with order_not_found.
  result<cancel_result> cancel(std::string_view out_trade_no, std::string_view who);
  /// Records that the order was fulfilled, but not by a worker. `session_id` must be given for
  /// fulfilled_by::session, and only then. Also fails with order_not_found, and with invalid_option
  /// if the session is not the order's, or if `how` is fulfilled_by::worker.
  result<mark_result> mark_fulfilled(std::string_view out_trade_no, fulfilled_by how,
                                     std::string_view who, std::string_view session_id = {});
  /// Records a person's verdict on a review item. To accept an unmatched payment, `out_trade_no`
  /// names its order; empty: the order that the session names. To accept an account_mismatch,
  /// `account` must name the session's account.
  result<resolve_result> resolve(std::string_view review_id, review_verdict verdict,
                                 std::string_view who, std::string_view note = {},
                                 std::string_view out_trade_no = {}, std::string_view account = {});
  /// Records that the money of the session was refunded. Returns false if no money of this session
  /// had to be refunded.
  result<bool> mark_refunded(std::string_view session_id, std::string_view who);

  /// Finds an order by its number, or by the id of one of its sessions or PaymentIntents.
  result<std::optional<order_record>> find(std::string_view number_session_or_intent) const;
  /// Lists orders. Fails with invalid_option if the page_token is not one that list() returned.
  result<order_page> list(const order_query& query = {}) const;
  /// Returns the history of an order, by its number, or of an unmatched payment, by its session's
  /// id; the oldest line first. Also fails with order_not_found.
  result<std::vector<history_entry>> history(std::string_view number_or_session) const;
  /// Returns numbers for monitoring.
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
