#include "client/session_answer.hpp"

#include "client/response_error.hpp"
#include "core/event_reader.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

error other_mode() {
  return {error_code::livemode_mismatch, "The answer is of the other mode (test or live) than the "
                                         "secret key: check api_base and proxy."};
}

std::optional<error> check_identity(const checkout_session& session, std::string_view id,
                                    livemode mode) {
  if (session.object.empty()) {
    return error{error_code::wrong_object,
                 "The answer is not a Checkout Session: check api_base and proxy."};
  }
  if (id.empty() ? !session_id::parse(session.id) : session.id != id) {
    return error{
        error_code::wrong_session,
        "The answer is a different session from the one asked for: check api_base and proxy."};
  }
  if (session.livemode != mode) return other_mode();
  return std::nullopt;
}

void belongs_to_account_of(const authorized_call& call, checkout_session& session) {
  session.account = call.account;
  session.of_own_account = call.of_own_account;
}

} // namespace

std::optional<error> check_answered_account(const http_response& answer,
                                            const authorized_call& call) {
  const std::string_view answered = header(answer, "stripe-account");
  if (answered.empty() || call.account.empty() || answered == call.account) return std::nullopt;
  return error{
      error_code::account_mismatch,
      "The answer is of a different account from the one asked for: check for proxies in between."};
}

api_answer read_session(const http_response& answer, const authorized_call& call,
                        std::string_view id, unix_seconds local_time) {
  result<checkout_session> session = parse_checkout_session(answer.body);
  if (!session) return with_context(std::move(session).error(), answer);
  for (auto wrong :
       {check_answered_account(answer, call), check_identity(*session, id, call.livemode)}) {
    if (wrong) return with_context(*std::move(wrong), answer);
  }
  belongs_to_account_of(call, *session);
  const std::optional<unix_seconds> date = date_of(answer);
  observation observed;
  observed.session = *std::move(session);
  observed.time = date.value_or(local_time);
  observed.clock = date ? clock_source::stripe : clock_source::local;
  observed.livemode = call.livemode;
  observed.request_id = request_id_of(answer);
  return observed;
}

std::optional<error> accept(session_page& page, const authorized_call& call) {
  for (checkout_session& each : page.data) {
    if (each.object.empty()) continue; // unreadable
    if (auto wrong = check_identity(each, {}, call.livemode)) return wrong;
    belongs_to_account_of(call, each);
  }
  return std::nullopt;
}

std::optional<error> accept(event_page& page, const authorized_call& call) {
  for (event& each : page.data) {
    if (account_of(each).empty()) each.account = call.account; // Stripe names it in webhooks alone
    judge_relevance(each, call.livemode, {call.account, {}});
    if (each.session) {
      each.session->of_own_account = call.of_own_account && each.session->account == call.account;
    }
    if (each.relevance == event_relevance::other_livemode) return other_mode();
  }
  return std::nullopt;
}

} // namespace v0
} // namespace stripe_return
