#include <stripe_return/orders/payment_listener.hpp>

#include "core/query_parameter.hpp"
#include "orders/order_token.hpp"
#include "orders/service_state.hpp"
#include "orders/settle.hpp"

#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// What a page may say while the store is away: another session of the order may be paid.
customer_view view_without_store(const order_outcome& outcome) {
  customer_view view;
  view.state = outcome.state();
  const bool over = outcome.pay_again() == pay_again::no;
  view.pay_again = over ? pay_again::no : pay_again::unknown;
  view.next_step = next_step::ask_again;
  view.poll_after = std::chrono::seconds(5);
  return view;
}

// This secret key will never read it.
bool is_of_others(const error& failure) {
  return failure.code == error_code::session_not_found ||
         failure.code == error_code::session_of_other_mode ||
         failure.code == error_code::test_session_with_live_key ||
         failure.code == error_code::live_session_with_test_key;
}

} // namespace

class payment_listener::impl {
public:
  impl(order_service orders, const webhook_verifier* verifier)
      : orders_(std::move(orders)), state_(*orders_.impl_), verifier_(verifier) {}

  result<return_result> on_return(std::string_view query, std::string_view order_ref);
  webhook_result on_webhook(std::string_view raw_body, std::string_view signature_header);
  result<customer_view> refresh(std::string_view out_trade_no, std::string_view who);

private:
  std::string order_of_browser(std::string_view query, std::string_view order_ref) const;
  result<observation> fetch(const event& about, const session_id& id);
  void record(const observation& seen, const orders::source& by, webhook_result& answer);
  void look_at_payment(const event& about, webhook_result& answer);
  // 503 where Stripe's sending it again can help.
  static void fail(webhook_result& answer, const error& failure);

  const order_service orders_;
  order_service::impl& state_;
  const webhook_verifier* const verifier_;
};

payment_listener::payment_listener(order_service orders)
    : impl_(std::make_shared<impl>(std::move(orders), nullptr)) {}

payment_listener::payment_listener(order_service orders, const webhook_verifier& verifier)
    : impl_(std::make_shared<impl>(std::move(orders), &verifier)) {}

result<return_result> payment_listener::on_return(std::string_view query,
                                                  std::string_view order_ref) {
  return impl_->on_return(query, order_ref);
}

webhook_result payment_listener::on_webhook(std::string_view raw_body,
                                            std::string_view signature_header) {
  return impl_->on_webhook(raw_body, signature_header);
}

result<customer_view> payment_listener::refresh(std::string_view out_trade_no,
                                                std::string_view who) {
  return impl_->refresh(out_trade_no, who);
}

int http_answer(const result<return_result>& answer) noexcept {
  if (answer) return 200;
  return http_answer(result<order_outcome>(answer.error()));
}

std::string payment_listener::impl::order_of_browser(std::string_view query,
                                                     std::string_view order_ref) const {
  if (!order_ref.empty()) return std::string(order_ref);
  const query_parameter token = find_query_parameter(query, order_token_parameter);
  if (token.found != query_parameter::presence::once) return {};
  return orders_.order_of_token(percent_decoded(token.encoded)).value_or("");
}

result<return_result> payment_listener::impl::on_return(std::string_view query,
                                                        std::string_view order_ref) {
  const result<session_id> id = parse_return_query(query, state_.options.query_parameter);
  if (!id) return id.error();
  const std::string browsers = order_of_browser(query, order_ref);
  const result<void> usable = state_.ready();
  if (!usable && usable.error().code != error_code::store_unavailable) return usable.error();

  return_result answer;
  retrieve_options how;
  how.priority = call_priority::unknown;
  result<std::optional<order_record>> known = state_.repository.find_by_id(id->str());
  if (known && *known) {
    how.priority = call_priority::known;
    const order_record& order = **known;
    const bool paid = order.paid_session == id->str() &&
                      (order.stage == order_stage::due || order.stage == order_stage::fulfilled);
    if (paid) { // nothing that Stripe could say changes what the page shows
      answer.out_trade_no = order.out_trade_no;
      if (order.out_trade_no == browsers) answer.view = view_of(order, state_.now());
      return answer;
    }
  } else if (known && !browsers.empty()) {
    known = state_.repository.find(order_key(browsers));
  }
  if (known && *known) how.account = order_service::impl::account_of(**known, id->str());
  const result<observation> fetched = state_.fetch(*id, how);
  if (!fetched) return fetched.error();

  const auto recorded = state_.record(*fetched, {"return", {}}, how.priority);
  if (!recorded) {
    const order_outcome alone = decide_unchecked(*fetched, state_.options.naming);
    answer.recorded = false;
    answer.out_trade_no = alone.out_trade_no();
    if (!browsers.empty() && answer.out_trade_no == browsers)
      answer.view = view_without_store(alone);
    return answer;
  }
  if (!recorded->order) return answer;
  answer.out_trade_no = recorded->order->out_trade_no;
  if (answer.out_trade_no == browsers) answer.view = view_of(*recorded->order, state_.now());
  return answer;
}

webhook_result payment_listener::impl::on_webhook(std::string_view raw_body,
                                                  std::string_view signature_header) {
  webhook_result answer;
  const unix_seconds now = state_.now().now;
  const result<event> verified =
      verifier_ != nullptr
          ? verifier_->verify(raw_body, signature_header, now)
          : error{error_code::missing_webhook_secret,
                  "The listener has no webhook_verifier: pass it one with the endpoint's secret."};
  if (!verified && verified.error().code != error_code::unreadable_event) {
    answer.http_status = http_answer(verified);
    answer.failure = verified.error();
    return answer;
  }
  state_.last_webhook = now;
  if (const auto usable = state_.ready(); !usable) {
    answer.http_status = 503;
    answer.failure = usable.error();
    return answer;
  }
  const event about = verified ? *verified : event{};
  const orders::source by{"webhook", about.id};
  if (about.relevance == event_relevance::payment_intent) {
    look_at_payment(about, answer);
    return answer;
  }
  if (const auto observed = observation_of(about)) {
    record(*observed, by, answer);
    return answer;
  }
  // A thin event, and one that cannot be read: both may name a session.
  const result<session_id> id =
      session_id::parse(verified ? about.session_id : verified.error().session_id);
  if (!verified) answer.failure = verified.error();
  if (!id) return answer;
  const result<observation> fetched = fetch(about, *id);
  if (!fetched) {
    if (!is_of_others(fetched.error())) fail(answer, fetched.error());
    return answer;
  }
  record(*fetched, by, answer);
  return answer;
}

result<observation> payment_listener::impl::fetch(const event& about, const session_id& id) {
  retrieve_options how;
  how.account = account_of(about);
  how.priority = call_priority::webhook;
  result<observation> fetched = state_.fetch(id, how);
  if (!fetched) return fetched;
  fetched->event_id = about.id;
  fetched->async_payment_failed = about.type == event_type::checkout_session_async_payment_failed;
  return fetched;
}

void payment_listener::impl::record(const observation& seen, const orders::source& by,
                                    webhook_result& answer) {
  const auto recorded = state_.record(seen, by, call_priority::webhook);
  if (!recorded) return fail(answer, recorded.error());
  if (recorded->order) answer.out_trade_no = recorded->order->out_trade_no;
  answer.unmatched_payment = recorded->unmatched;
}

// A payment that no order has costs no request: the account may have others than this shop's.
void payment_listener::impl::look_at_payment(const event& about, webhook_result& answer) {
  if (about.payment_intent.empty()) return;
  result<std::optional<order_record>> found = state_.repository.find_by_id(about.payment_intent);
  if (!found) return fail(answer, found.error());
  if (!*found) return;
  answer.out_trade_no = (*found)->out_trade_no;
  std::string session;
  for (const order_session& each : (*found)->sessions)
    for (const payment_intent_facts& intent : each.facts.payment_intents)
      if (intent.id == about.payment_intent) session = each.facts.id;
  const auto read =
      state_.refresh(**std::move(found), "webhook", call_priority::webhook, false, session);
  if (!read) return fail(answer, read.error());
  if (read->failure) fail(answer, *read->failure);
}

void payment_listener::impl::fail(webhook_result& answer, const error& failure) {
  answer.failure = failure;
  if (failure.retryable()) answer.http_status = 503;
}

result<customer_view> payment_listener::impl::refresh(std::string_view out_trade_no,
                                                      std::string_view who) {
  if (const auto usable = state_.ready(); !usable) return usable.error();
  result<std::optional<order_record>> found = state_.repository.find(order_key(out_trade_no));
  if (!found) return std::move(found).error();
  if (!*found) return orders::order_not_found();
  const auto read =
      state_.refresh(**std::move(found), std::string(who), call_priority::known, true);
  if (!read) return read.error();
  if (read->failure) return *read->failure;
  return view_of(read->order, state_.now());
}

} // namespace v0
} // namespace stripe_return
