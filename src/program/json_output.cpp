#include "program/json_output.hpp"
#include "program/standard_output.hpp"

#include <stripe_return/webhook/webhook_verifier.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace program {
namespace {

namespace sr = stripe_return;
using nlohmann::ordered_json;

ordered_json text(const std::string& value) {
  return value.empty() ? ordered_json() : ordered_json(value);
}

template <class T> ordered_json number(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json boolean(std::optional<sr::livemode> mode) {
  return mode ? ordered_json(*mode == sr::livemode::live) : ordered_json();
}

int printed(const ordered_json& object, int exit_code) {
  print(object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  return exit_code;
}

ordered_json object_of(const sr::checkout_session& session, const sr::order_outcome& outcome) {
  ordered_json reasons = ordered_json::array();
  for (const sr::reason why : outcome.reasons())
    reasons.push_back(to_string(why));

  ordered_json object;
  object["state"] = to_string(outcome.state());
  object["final"] = outcome.final();
  object["may_fulfill"] = outcome.may_fulfill(outcome.out_trade_no());
  object["may_release"] = outcome.may_release();
  object["pay_again"] = to_string(outcome.pay_again());
  object["out_trade_no"] = text(outcome.out_trade_no());
  object["session_id"] = text(session.id);
  object["status"] = text(session.status.raw());
  object["payment_status"] = text(session.payment_status.raw());
  object["mode"] = text(session.mode.raw());
  object["amount_total"] = number(session.amount_total);
  object["currency"] = text(session.currency);
  object["livemode"] = boolean(session.livemode);
  object["created"] = number(session.created);
  object["expires_at"] = number(session.expires_at);
  object["payment_intent"] = text(session.payment_intent ? session.payment_intent->id : "");
  object["confirmed_by_stripe"] = outcome.confirmed_by_stripe();
  object["reasons"] = std::move(reasons);
  object["next_step"] = to_string(outcome.next_step());
  return object;
}

ordered_json object_of(const sr::error& failure) {
  ordered_json fields;
  fields["code"] = to_string(failure.code);
  fields["message"] = failure.message;
  fields["http_status"] =
      failure.http_status == 0 ? ordered_json() : ordered_json(failure.http_status);
  fields["stripe_code"] = text(failure.stripe_code);
  fields["request_id"] = text(failure.request_id);
  fields["retryable"] = failure.retryable();
  ordered_json object;
  object["error"] = std::move(fields);
  return object;
}

} // namespace

int print_json(const ordered_json& object) {
  return printed(object, 0);
}

int print_outcome(const sr::checkout_session& session, const sr::order_outcome& outcome) {
  return printed(object_of(session, outcome), 0);
}

int print_error(const sr::error& failure) {
  return printed(object_of(failure), 1);
}

int print_event(const sr::event& event, const std::optional<sr::order_outcome>& outcome) {
  ordered_json object;
  object["event_id"] = text(event.id);
  object["event_type"] = text(event.type.raw());
  object["livemode"] = boolean(event.livemode);
  object["account"] = text(account_of(event));
  object["session_id"] = text(event.session_id);
  object["thin"] = event.thin;
  object["answer"] = 200;
  object["outcome"] = outcome ? object_of(*event.session, *outcome) : ordered_json();
  return printed(object, 0);
}

int print_refused_event(const sr::error& failure) {
  ordered_json object = object_of(failure);
  object["answer"] = sr::http_answer(sr::result<sr::event>(failure));
  return printed(object, 1);
}

} // namespace program
