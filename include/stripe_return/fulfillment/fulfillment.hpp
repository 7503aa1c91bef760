/// @file
/// Every paid order fulfilled once.
#pragma once

#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/client/time_source.hpp>
#include <stripe_return/core/error.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/customer_view.hpp>
#include <stripe_return/fulfillment/fulfil_task.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>
#include <stripe_return/fulfillment/review_verdict.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct fulfillment_options {
  /// Names of the session's query parameter and of the order number's metadata key.
  return_handler_options query;
  /// What on_webhook() checks signatures with. It must live as long as the desk.
  const webhook_verifier* verifier = nullptr;
  /// Signs the order number that open_checkout() puts into the return URL as `order_token`, so that
  /// a customer who comes back in another browser is known. 32 random bytes or more, the same on
  /// all hosts. Empty: no token is made or accepted.
  secret token_key;
  /// How long a worker has for an order before another one is given it. 1 s to 1 day.
  std::chrono::seconds lease{300};
  /// The rate of the process, as load_options::requests_per_second has it. The sweep keeps to half
  /// of it. 0.01 or more.
  double requests_per_second = 20;
  /// What the history calls this worker, such as the host's name.
  std::string worker = "worker";
};

/// How a checkout goes on.
struct opened_checkout {
  customer_view
      view; ///< where there is nothing to pay any more, `url` and `client_secret` are empty
  std::string session_id;
  secret url;           ///< the page at Stripe to send the customer to
  secret client_secret; ///< of an embedded checkout
};

/// What a return came to.
struct return_answer {
  /// What the page shows. Nothing, for a page that says only "thank you" where the browser is not
  /// known to be the order's.
  std::optional<customer_view> view;
  /// For the host's log. Empty for a session that names no order.
  std::string out_trade_no;
  /// False: the store could not be reached. The view is what Stripe says; the webhook or the sweep
  /// will record it.
  bool recorded = true;
};

/// The HTTP status for the page that answers a return: as for an order_outcome.
STRIPE_RETURN_EXPORT int http_answer(const result<return_answer>& answer) noexcept;

/// What a webhook came to.
struct webhook_answer {
  int http_status = 200;    ///< to answer Stripe with; it sends again what is no 2xx
  std::string out_trade_no; ///< of the order that it was recorded for; else empty
  /// A paid session that names no order and belongs to none: it is not kept. Where nobody else
  /// sells by the same Stripe account, a person must look.
  std::string foreign_payment;
  /// Why the status is no 200, or why the session of the event could not be fetched.
  std::optional<error> failure;
};

/// What was done within a budget.
struct run_report {
  int fulfilled = 0;
  int retried = 0;              ///< will be given out again later
  int given_up = 0;             ///< wait for a person, refunded and disputed ones among them
  std::optional<error> failure; ///< the last one of the store or of Stripe
};

struct run_budget {
  std::chrono::milliseconds time{60000}; ///< nothing is begun after it
  std::size_t orders = 1000;
};

struct sweep_report {
  int requests = 0;
  int heard = 0;     ///< events and sessions that Stripe told of
  int asked = 0;     ///< orders that were asked about one by one
  bool done = false; ///< nothing is left to ask for now; false: the budget or an error ended it
  std::optional<error> failure; ///< the last one of the store or of Stripe
};

struct sweep_budget {
  std::chrono::milliseconds time{60000}; ///< nothing is begun after it
  int requests = 600;
};

enum class closing : unsigned char {
  closed,  ///< Stripe has confirmed that no session of the order can be paid any more
  not_yet, ///< one is paid, on its way, or in review; or a checkout was just begun
  unknown, ///< Stripe could not be asked
};

/// For those who watch.
struct fulfillment_standing {
  store_standing store;
  std::optional<unix_seconds> last_webhook; ///< a genuine one, by this desk
  int refused_by_stripe = 0;                ///< answers 401 and 403 to this desk so far
};

/// The desk that a shop's orders go over: what Stripe says of their sessions is recorded, whoever
/// brings it, and each paid order is given to the host's function until it is fulfilled, once.
///
/// The order is committed fulfilled exactly once. What the function does outside of the store may
/// happen twice, under the same key, after a crash between the two.
///
/// Every member may be called from several threads, and hosts, at once. All of them block, on the
/// store or on Stripe; async_fulfillment.hpp is for event loops. Errors besides those of the store:
/// invalid_option for an option or argument out of range, with nothing done.
class STRIPE_RETURN_EXPORT fulfillment {
public:
  /// `stripe` and `store` must live longer than the desk.
  fulfillment(const session_client& stripe, fulfillment_store& store, fulfil_function fulfil,
              fulfillment_options options = {}, std::shared_ptr<time_source> clock = nullptr);
  fulfillment(const session_client& stripe, fulfillment_store& store, fulfil_in_transaction fulfil,
              fulfillment_options options = {}, std::shared_ptr<time_source> clock = nullptr);
  ~fulfillment(); ///< no call may be running

  /// @name Beginning
  /// @{

  /// Gives the customer a session to pay the order in: the one that is still open, or a new one.
  /// The order and the attempt are stored before Stripe is asked, so that no crash loses a session.
  /// `parameters` are what checkout_parameters says but for out_trade_no, attempt, mode and
  /// account, which are `order`'s. Repeat it after any error that is retryable().
  ///
  /// Errors also: those of session_client::create(); invalid_option where the order is known with
  /// another expectation.
  result<opened_checkout> open_checkout(const expected_order& order,
                                        checkout_parameters parameters);

  /// For hosts that create sessions themselves: says what the order is, best before its session is
  /// made. expected_order::session_ids may name those that are made already. Until it is called,
  /// payments for the order are kept, in review as not_checked_against_order.
  ///
  /// Errors also: invalid_option where the order is known with another expectation.
  result<customer_view> expect(const expected_order& order);
  /// @}

  /// @name Hearing
  /// @{

  /// The customer is back. `query` is what parse_return_query() takes. `order_ref` is the order
  /// number that the host knows the browser by, as from its own session; empty where it knows none,
  /// and then the query's `order_token` counts. Whoever comes, the order moves; the view is for the
  /// browser that the order belongs to.
  ///
  /// Errors also: those of parse_return_query() and session_client::retrieve().
  result<return_answer> on_return(std::string_view query, std::string_view order_ref = {});

  /// Stripe's webhook. Arguments as webhook_verifier::verify() takes them. The session of a thin
  /// event, and of one that cannot be read, is fetched. Status 503 where Stripe or the store could
  /// not be reached: Stripe sends the event again, for three days.
  webhook_answer on_webhook(std::string_view raw_body, std::string_view signature_header);

  /// What the customer may see of the order, from the store alone. Nothing: there is no such order.
  /// It is for the host to know whose order it is.
  result<std::optional<customer_view>> view(std::string_view out_trade_no);

  /// Asks Stripe about every session of the order, however often it was asked: for whoever wants to
  /// know now. `who` goes into the history.
  ///
  /// Errors also: order_not_found; those of session_client::retrieve(), for the last session that
  /// could not be asked about.
  result<customer_view> ask_stripe(std::string_view out_trade_no, std::string_view who);

  /// The order number in a token of open_checkout(). Nothing: it is not genuine.
  std::optional<std::string> order_of_token(std::string_view order_token) const;
  /// @}

  /// @name Fulfilling, on a thread of the host's choice
  /// @{

  /// Gives paid orders to the host's function, those that wait the longest first. A payment whose
  /// session is older than a day is first looked at at Stripe, for a refund or a dispute.
  run_report run_due(run_budget budget = {});
  /// The same for one order, where it is due: right after a return, say.
  run_report run_order(std::string_view out_trade_no);

  /// Asks Stripe for what it told nobody: events and sessions since the last time, then, one by
  /// one, about orders that are still open: after an hour, then two, and so on up to a day, for a
  /// month. Call it every minute or so, on as many hosts as you like. What it could not do within
  /// the budget, or was killed in, the next call goes on with.
  sweep_report sweep(sweep_budget budget = {});
  /// @}

  /// @name Ending
  /// @{

  /// Makes sure that nobody can pay the order any more, so that its goods can go to somebody else.
  ///
  /// Errors also: order_not_found.
  result<closing> close_order(std::string_view out_trade_no);

  /// A person has looked at an order in review. Accepted, a payment that was in review counts;
  /// rejected, an order that was held for it is never fulfilled. False: there is nothing to decide,
  /// or the order is accepted that nobody expects.
  ///
  /// Errors also: order_not_found.
  result<bool> resolve(std::string_view out_trade_no, review_verdict verdict, std::string_view who,
                       std::string_view note);
  /// @}

  /// @name Moving a running shop in
  /// @{

  /// Says that the order was fulfilled before this desk was there. Do this for all of them first.
  /// False: the order is known to be more than heard of.
  result<bool> import_fulfilled(std::string_view out_trade_no, std::string_view session_id = {});

  /// Reads all sessions created since then. Orders that were neither imported nor expected are kept
  /// in review when they are paid, and not fulfilled before expect(). Repeat it until it is done.
  sweep_report adopt_since(unix_seconds created, sweep_budget budget = {});
  /// @}

  result<fulfillment_standing> standing();

private:
  friend class async_fulfillment;
  class desk;
  std::unique_ptr<desk> desk_;
};

} // namespace v0
} // namespace stripe_return
