#include "fulfillment/desk.hpp"

#include "fulfillment/order_token.hpp"
#include "fulfillment/order_view.hpp"
#include <stripe_return/core/return_query.hpp>

#include "core/query_parameter.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// A store that fails is no reason to say less than Stripe does.
constexpr bool not_recorded = false;

std::optional<std::string_view> encoded_token(std::string_view query) noexcept {
  const query_parameter token = find_query_parameter(query, order_token_parameter);
  if (token.found != query_parameter::presence::once) return std::nullopt;
  return token.encoded;
}

// Of a session that this secret key will never read.
bool is_of_others(const error& failure) noexcept {
  return failure.code == error_code::session_not_found ||
         failure.code == error_code::session_of_other_mode ||
         failure.code == error_code::test_session_with_live_key ||
         failure.code == error_code::live_session_with_test_key;
}

} // namespace

result<fulfillment::desk::expected_return>
fulfillment::desk::begin_return(std::string_view query, std::string_view order_ref) {
  result<session_id> id = parse_return_query(query, options_.query.parameter);
  if (!id) return std::move(id).error();
  expected_return returned{*std::move(id), std::string(order_ref), {}, std::nullopt, false};
  if (order_ref.empty()) {
    if (const auto token = encoded_token(query))
      returned.order_ref = order_of_token(percent_decoded(*token)).value_or("");
  }
  const result<std::optional<std::string>> number = store_.order_of(returned.id.str());
  if (!number) return returned;
  returned.known = number->has_value();
  const std::string& known = *number ? **number : returned.order_ref;
  if (known.empty()) return returned;
  const result<std::optional<order_record>> order = store_.find(known);
  if (!order || !*order) return returned;
  if ((*order)->expected) returned.account = (*order)->expected->account;
  const bool paid =
      (*order)->stage == order_stage::due || (*order)->stage == order_stage::fulfilled;
  if (paid && (*order)->paid_session == returned.id.str()) {
    returned.answer.emplace();
    returned.answer->out_trade_no = known;
    if (known == returned.order_ref) returned.answer->view = view_of(**order);
  }
  return returned;
}

result<observation> fulfillment::desk::ask(const session_id& id, const std::string& account,
                                           bool latest_charge) {
  retrieve_options options;
  options.account = account;
  options.latest_charge = latest_charge;
  result<observation> fetched = stripe_.retrieve(id, options);
  if (!fetched) note_refusal(fetched.error());
  return fetched;
}

return_answer fulfillment::desk::end_return(const expected_return& returned,
                                            const observation& fetched) {
  const result<std::optional<changed_order>> heard = book_.hear(fetched, "return", fetched.time);
  return_answer answer;
  if (!heard) {
    const order_outcome outcome = book_.decide_unchecked(fetched);
    answer.out_trade_no = outcome.out_trade_no();
    answer.recorded = not_recorded;
    if (!answer.out_trade_no.empty() && answer.out_trade_no == returned.order_ref)
      answer.view = view_of(outcome);
    return answer;
  }
  if (!*heard) return answer;
  answer.out_trade_no = (*heard)->record.out_trade_no;
  if (answer.out_trade_no == returned.order_ref) answer.view = view_of((*heard)->record);
  return answer;
}

webhook_answer fulfillment::desk::on_webhook(std::string_view raw_body,
                                             std::string_view signature_header) {
  webhook_answer answer;
  const unix_seconds now = clock_->unix_time();
  const result<event> verified =
      options_.verifier != nullptr
          ? options_.verifier->verify(raw_body, signature_header, now)
          : error{error_code::missing_webhook_secret,
                  "The desk has no webhook_verifier: set fulfillment_options::verifier."};
  answer.http_status = http_answer(verified);
  if (!verified) {
    answer.failure = verified.error();
    if (verified.error().code != error_code::unreadable_event) return answer;
  }
  last_webhook_ = now;
  if (const auto observed = verified ? observation_of(*verified) : std::nullopt) {
    record(*observed, now, answer);
    return answer;
  }
  const result<session_id> id =
      session_id::parse(verified ? verified->session_id : verified.error().session_id);
  if (!id) return answer;
  result<observation> fetched = ask(*id, verified ? account_of(*verified) : "");
  if (!fetched) {
    answer.failure = fetched.error();
    if (verified && !is_of_others(fetched.error())) answer.http_status = 503;
    return answer;
  }
  answer = {};
  if (verified) {
    fetched->event_id = verified->id;
    fetched->async_payment_failed =
        verified->type == event_type::checkout_session_async_payment_failed;
  }
  record(*fetched, fetched->time, answer);
  return answer;
}

void fulfillment::desk::record(const observation& observed, unix_seconds at,
                               webhook_answer& answer) {
  const result<std::optional<changed_order>> heard = book_.hear(observed, "webhook", at);
  if (!heard) {
    answer.http_status = 503;
    answer.failure = heard.error();
  } else if (*heard) {
    answer.out_trade_no = (*heard)->record.out_trade_no;
  } else if (book_.decide_unchecked(observed).pay_again() == pay_again::no) {
    answer.foreign_payment = observed.session.id;
  }
}

result<std::optional<customer_view>> fulfillment::desk::view(std::string_view out_trade_no) {
  const result<std::optional<order_record>> found = store_.find(out_trade_no);
  if (!found) return found.error();
  if (!*found) return std::optional<customer_view>();
  return std::optional<customer_view>(view_of(**found));
}

result<customer_view> fulfillment::desk::ask_stripe(std::string_view out_trade_no,
                                                    std::string_view who) {
  const result<std::optional<order_record>> found = store_.find(out_trade_no);
  if (!found) return found.error();
  if (!*found) return order_not_found();
  std::optional<error> failure;
  for (const session_record& each : (*found)->sessions) {
    const result<session_id> id = session_id::parse(each.id);
    if (!id) continue;
    const result<observation> fetched =
        ask(*id, (*found)->expected ? (*found)->expected->account : std::string());
    if (!fetched) {
      failure = fetched.error();
      continue;
    }
    const auto heard = book_.hear(*fetched, std::string(who), fetched->time);
    if (!heard) return heard.error();
  }
  if (failure) return *std::move(failure);
  const result<std::optional<customer_view>> now = view(out_trade_no);
  if (!now) return now.error();
  if (!*now) return order_not_found();
  return **now;
}

} // namespace v0
} // namespace stripe_return
